/** Training or freezing the layers of several nodes at once. */
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconLock, IconLockOpen } from "@tabler/icons-react";
import { findLayerOf } from "@/graph/document";
import { FreezeBefore } from "@/inspector/weights/FreezeBefore";
import { useEditor } from "@/stores/editor/editorStore";
import { changeTrainableOf } from "@/stores/editor/structure";

export function TrainableButtons({ nodeIds }: { nodeIds: readonly string[] }) {
  const frozen = useEditor(
    (state) => nodeIds.filter((id) => findLayerOf(state.open.document.graph, id)?.trainable === false).length,
  );
  if (nodeIds.length === 0) return null;
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconLock size={14} />}
          disabled={frozen === nodeIds.length}
          onClick={() => changeTrainableOf(nodeIds, false)}
        >
          Freeze
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconLockOpen size={14} />}
          disabled={frozen === 0}
          onClick={() => changeTrainableOf(nodeIds, true)}
        >
          Train
        </Button>
        <Text size="xs" c="dimmed">
          {frozen} of {nodeIds.length} frozen
        </Text>
      </Group>
      <FreezeBefore nodeIds={nodeIds} />
    </Stack>
  );
}
