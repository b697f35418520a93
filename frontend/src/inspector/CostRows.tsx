/** What a call costs on one batch, as rows below its outputs. */
import { Table, Tooltip } from "@mantine/core";
import { formatFlops } from "@/graph/amountsOfWork";
import { formatBytes } from "@/graph/shapes";
import classes from "@/inspector/Inspector.module.css";
import { costsAt, useCosts } from "@/stores/editor/costs";
import { useEditor } from "@/stores/editor/editorStore";

export function CostRows({ nodeId }: { nodeId: string }) {
  const path = useEditor((state) => state.open.path);
  const costs = costsAt(useCosts().data, path);
  const cost = costs?.nodes[nodeId];
  if (!costs || !cost) return null;
  const batch = `${costs.batch_size} ${costs.batch_size === 1 ? "sample" : "samples"}`;
  const rows = [
    ["FLOPs", cost.flops, formatFlops, cost.flops_share],
    ["activations", cost.activation_bytes, formatBytes, cost.activation_share],
  ] as const;
  return rows.map(([name, amount, format, share]) => (
    <Table.Tr key={name}>
      <Table.Td c="dimmed">{name}</Table.Td>
      <Table.Td ta="right" className={classes.mono}>
        <Tooltip label={amount === null ? cost.unknown : `For a batch of ${batch}`} multiline maw={300}>
          <span>
            {amount === null ? "unknown" : format(amount)}
            {amount !== null && share != null && share >= 0.0005 && ` (${(share * 100).toFixed(1)} %)`}
          </span>
        </Tooltip>
      </Table.Td>
    </Table.Tr>
  ));
}
