/** What was renamed, left out or is only a placeholder in an imported model. */
import { Badge, Button, Group, List, ScrollArea, Stack, Text } from "@mantine/core";
import type { ImportedModel } from "@/api/types";
import { formatCount } from "@/ui/format/amounts";

const MOST_HEIGHT = 360;

export function ImportReport({ model, onOpen }: { model: ImportedModel; onOpen: () => void }) {
  return (
    <Stack>
      <Group gap="xs">
        <Badge variant="light">{formatCount(model.nodes, "node")}</Badge>
        <Badge variant="light" color={model.weights ? "teal" : "gray"}>
          {model.weights ? "with weights" : "without weights"}
        </Badge>
        {model.training && (
          <Badge variant="light" color="teal">
            with compile settings
          </Badge>
        )}
      </Group>
      <Text size="sm">The model is imported. Not everything could be taken over as it was:</Text>
      <ScrollArea.Autosize mah={MOST_HEIGHT} type="auto" offsetScrollbars>
        <List size="sm" spacing="xs" aria-label="Import report">
          {model.report.map((issue) => (
            <List.Item key={`${issue.code} ${issue.message}`} style={{ overflowWrap: "anywhere" }}>
              {issue.message}
              {issue.hint && (
                <Text size="sm" c="dimmed">
                  {issue.hint}
                </Text>
              )}
            </List.Item>
          ))}
        </List>
      </ScrollArea.Autosize>
      <Group justify="flex-end">
        <Button onClick={onOpen} data-autofocus>
          Open the model
        </Button>
      </Group>
    </Stack>
  );
}
