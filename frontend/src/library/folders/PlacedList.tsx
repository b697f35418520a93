/** What was chosen of the server's own files, which nobody has to send. */
import { ActionIcon, Group, Stack, Text, Tooltip } from "@mantine/core";
import { IconServer, IconX } from "@tabler/icons-react";
import classes from "@/library/Library.module.css";

interface PlacedListProps {
  paths: readonly string[];
  onRemove: (path: string) => void;
}

export function PlacedList({ paths, onRemove }: PlacedListProps) {
  return (
    <Stack gap="sm" component="ul" className={classes.list} aria-label="On the server">
      {paths.map((path) => (
        <li key={path}>
          <Group gap="sm" wrap="nowrap" justify="space-between">
            <Group gap="xs" wrap="nowrap" miw={0}>
              <IconServer size={16} aria-hidden style={{ flexShrink: 0 }} />
              <Text size="sm" fw={500} truncate title={path}>
                {path}
              </Text>
            </Group>
            <Tooltip label={`Take ${path} out`}>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={`Take ${path} out`}
                onClick={() => onRemove(path)}
              >
                <IconX size={16} aria-hidden />
              </ActionIcon>
            </Tooltip>
          </Group>
        </li>
      ))}
    </Stack>
  );
}
