/** Whether Keras makes a Functional or a Sequential of the open graph. */
import { Button, Group, SegmentedControl, Text } from "@mantine/core";
import { IconArrowBarToUp } from "@tabler/icons-react";
import { useMemo } from "react";
import { chainOf } from "@/graph/sequential";
import classes from "@/inspector/Inspector.module.css";
import { useEditor } from "@/stores/editor/editorStore";
import { changeGraphClass, popLastLayer } from "@/stores/editor/structure";

export function GraphClass() {
  const graph = useEditor((state) => state.open.document.graph);
  const chain = useMemo(() => chainOf(graph), [graph]);
  const isSequential = graph.class_name === "Sequential";
  const refusal = "refusal" in chain ? chain.refusal : null;
  return (
    <section className={classes.section} aria-label="Class">
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label="Class of the graph"
        data={[
          { value: "Functional", label: "Functional" },
          { value: "Sequential", label: "Sequential", disabled: !isSequential && refusal !== null },
        ]}
        value={graph.class_name}
        onChange={(value) => changeGraphClass(value === "Sequential" ? "Sequential" : "Functional")}
      />
      <Text size="xs" c={isSequential && refusal ? "red" : "dimmed"} mt={6}>
        {explain(isSequential, refusal)}
      </Text>
      {isSequential && !refusal && "nodes" in chain && chain.nodes.length > 0 && (
        <Group mt="xs">
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconArrowBarToUp size={14} />}
            onClick={popLastLayer}
          >
            Pop the last layer
          </Button>
        </Group>
      )}
    </section>
  );
}

function explain(isSequential: boolean, refusal: string | null): string {
  if (refusal && isSequential) return `A Sequential is one chain of layers, and this is none: ${refusal}`;
  if (refusal) return `It cannot be a Sequential, which is one chain of layers: ${refusal}`;
  return isSequential
    ? "One chain: a click in the list on the left adds to its end."
    : "Any shape. It is a plain chain now, so it could be a Sequential.";
}
