/** Freezes, or trains, everything from the chosen nodes back to the inputs: what fine-tuning begins with. */
import { Button, Group, Tooltip } from "@mantine/core";
import { IconLock, IconLockOpen } from "@tabler/icons-react";
import { useMemo } from "react";
import { findLayerOf } from "@/graph/document";
import { withAncestors } from "@/graph/freezing";
import { useEditor } from "@/stores/editor/editorStore";
import { changeTrainableBefore } from "@/stores/editor/freezing";

export function FreezeBefore({ nodeIds }: { nodeIds: readonly string[] }) {
  const graph = useEditor((state) => state.open.document.graph);
  const reached = useMemo(() => [...withAncestors(graph, nodeIds)], [graph, nodeIds]);
  const frozen = reached.filter((id) => findLayerOf(graph, id)?.trainable === false).length;
  if (reached.length < 2) return null;
  return (
    <Group gap="xs" mt={4} role="group" aria-label="From here back to the inputs">
      <Tooltip label={`Freeze ${nodeIds.length === 1 ? "this layer" : "these layers"} and all before`}>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconLock size={13} aria-hidden />}
          disabled={frozen === reached.length}
          onClick={() => changeTrainableBefore(nodeIds, false)}
        >
          Freeze to here
        </Button>
      </Tooltip>
      <Tooltip label={`Train ${nodeIds.length === 1 ? "this layer" : "these layers"} and all before`}>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconLockOpen size={13} aria-hidden />}
          disabled={frozen === 0}
          onClick={() => changeTrainableBefore(nodeIds, true)}
        >
          Train to here
        </Button>
      </Tooltip>
    </Group>
  );
}
