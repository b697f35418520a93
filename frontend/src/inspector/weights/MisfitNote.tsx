/** Which layers a weights file does not fit, and the way to take the rest of it all the same. */
import { Alert, Button, List, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { Issue } from "@/api/types";
import { focusNode } from "@/stores/editor/editorStore";
import { formatCount } from "@/ui/format/amounts";

interface MisfitNoteProps {
  issues: readonly Issue[];
  /** Takes what fits; left out where that is no choice. */
  onTakeRest?: () => void;
  onClose: () => void;
}

const MOST_SHOWN = 5;

export function MisfitNote({ issues, onTakeRest, onClose }: MisfitNoteProps) {
  return (
    <Alert
      color="red"
      variant="light"
      p="xs"
      role="alert"
      title={`The file does not fit ${formatCount(issues.length, "layer")}`}
      icon={<IconAlertTriangle aria-hidden />}
      withCloseButton
      closeButtonLabel="Close"
      onClose={onClose}
    >
      <List size="xs" spacing={4} withPadding={false} listStyleType="none">
        {issues.slice(0, MOST_SHOWN).map((issue) => (
          <List.Item key={issue.message}>
            <Text size="xs">{issue.message}</Text>
            {issue.node && (
              <Button size="compact-xs" variant="subtle" onClick={() => focusNode(issue.node ?? "")}>
                Show {issue.node}
              </Button>
            )}
          </List.Item>
        ))}
      </List>
      {issues.length > MOST_SHOWN && (
        <Text
          size="xs"
          c="dimmed"
          mt={4}
        >{`and ${formatCount(issues.length - MOST_SHOWN, "more layer")}`}</Text>
      )}
      {onTakeRest && (
        <Button size="compact-sm" variant="light" mt="xs" onClick={onTakeRest}>
          Take what fits
        </Button>
      )}
    </Alert>
  );
}
