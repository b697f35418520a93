/** What became of a checkpoint's weights in a run that started from it: which layers kept them, and which did not. */
import { Box, ScrollArea, Stack, Table, Text } from "@mantine/core";
import type { StartReport } from "@/api/types";
import { formatCount } from "@/ui/format/amounts";

const MAX_HEIGHT = 240;

export function StartNote({ report }: { report: StartReport }) {
  return (
    <Stack gap="xs">
      <Text size="sm">{describeStart(report)}</Text>
      {report.new.length > 0 && (
        <ScrollArea.Autosize mah={MAX_HEIGHT} type="auto">
          <Table verticalSpacing={4} fz="sm" aria-label="Layers that start anew">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Starts anew</Table.Th>
                <Table.Th>Because</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {report.new.map(({ layer, reason }) => (
                <Table.Tr key={layer}>
                  <Table.Td ff="monospace">{layer}</Table.Td>
                  <Table.Td style={{ overflowWrap: "anywhere" }}>{reason}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea.Autosize>
      )}
      {report.unused.length > 0 && (
        <Box>
          <Text size="sm" c="dimmed">
            {`Not in this model any more: ${report.unused.join(", ")}`}
          </Text>
        </Box>
      )}
    </Stack>
  );
}

/** `3 layers kept their weights, 1 layer starts anew.` */
export function describeStart({ kept, new: anew }: StartReport): string {
  const rest =
    anew.length === 0
      ? "all that have any"
      : `${formatCount(anew.length, "layer")} ${anew.length === 1 ? "starts" : "start"} anew`;
  return `${formatCount(kept.length, "layer")} kept ${kept.length === 1 ? "its" : "their"} weights, ${rest}.`;
}
