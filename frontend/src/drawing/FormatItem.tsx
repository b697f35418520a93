/** One format of the export menu, with what is in its way. */
import { Menu, Text } from "@mantine/core";
import { IconAlertTriangle, IconBan } from "@tabler/icons-react";
import type { ExportChoice } from "@/api/types";
import { summarizeIssues } from "@/drawing/formatGroups";

interface FormatItemProps {
  choice: ExportChoice;
  onChoose: (choice: ExportChoice) => void;
}

export function FormatItem({ choice, onChoose }: FormatItemProps) {
  const obstacle = summarizeIssues(choice.obstacles);
  const warning = summarizeIssues(choice.warnings);
  const note = obstacle ?? warning;
  return (
    <Menu.Item
      onClick={() => onChoose(choice)}
      aria-label={`${choice.title} (${choice.extension})${obstacle ? ", which cannot hold this model" : ""}`}
      rightSection={
        <Text size="xs" c="dimmed" ff="monospace">
          {choice.extension}
        </Text>
      }
    >
      <Text size="sm" {...(obstacle && { c: "dimmed" })}>
        {choice.title}
      </Text>
      {note && (
        <Text size="xs" c={obstacle ? "red" : "orange"} lineClamp={2} maw={230}>
          {obstacle ? (
            <IconBan size={12} aria-hidden style={{ verticalAlign: "-1px" }} />
          ) : (
            <IconAlertTriangle size={12} aria-hidden style={{ verticalAlign: "-1px" }} />
          )}{" "}
          {note}
        </Text>
      )}
    </Menu.Item>
  );
}
