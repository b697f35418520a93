/** What became of a checkpoint's weights in a run that started from it: which layers kept them, and which did not. */
import { Box, Code, ScrollArea, Stack, Text } from "@mantine/core";
import type { StartReport } from "@/api/types";
import { formatCount } from "@/ui/format/amounts";

const MAX_HEIGHT = 240;

export function StartNote({ report }: { report: StartReport }) {
  return (
    <Stack gap="xs">
      <Text size="sm">{describeStart(report)}</Text>
      {report.new.length > 0 && (
        <ScrollArea.Autosize mah={MAX_HEIGHT} type="auto">
          <Stack gap={6} component="ul" m={0} p={0} aria-label="Layers that start anew">
            {report.new.map(({ layer, reason }) => (
              <Box component="li" key={layer} style={{ listStyle: "none" }}>
                <Code>{layer}</Code>{" "}
                <Text size="sm" c="dimmed" span style={{ overflowWrap: "anywhere" }}>
                  {reason}
                </Text>
              </Box>
            ))}
          </Stack>
        </ScrollArea.Autosize>
      )}
      {report.unused.length > 0 && (
        <Text size="sm" c="dimmed">
          {`Not in this model any more: ${report.unused.join(", ")}`}
        </Text>
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
