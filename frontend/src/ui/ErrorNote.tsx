/** Shows what went wrong: a problem's title, its explanation, its issues with hints, and a way to try again. */
import { Alert, Button, Group, List, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { toProblem } from "@/api/problem";
import type { Issue } from "@/api/types";

interface ErrorNoteProps {
  error: unknown;
  /** Shown as a button "Try again" where given. */
  onRetry?: () => void;
}

export function ErrorNote({ error, onRetry }: ErrorNoteProps) {
  const problem = toProblem(error);
  return (
    <Alert
      color="red"
      variant="light"
      title={problem.title}
      icon={<IconAlertTriangle aria-hidden />}
      role="alert"
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{problem.detail}</Text>
        {problem.issues.length > 0 && <IssueList issues={problem.issues} />}
        {onRetry && (
          <Button size="xs" variant="light" color="red" onClick={onRetry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** Issues as a list: where, what, and what to do. */
export function IssueList({ issues }: { issues: readonly Issue[] }) {
  return (
    <List size="sm" spacing={6}>
      {issues.map((issue) => (
        <List.Item key={`${issue.code} ${issue.node} ${issue.argument} ${issue.message}`}>
          <Group gap={6} wrap="wrap">
            <Text size="sm" fw={600} span>
              {[issue.node ?? issue.layer, issue.argument].filter(Boolean).join(" · ")}
            </Text>
            <Text size="sm" span>
              {issue.message}
            </Text>
          </Group>
          {issue.hint && (
            <Text size="sm" c="dimmed">
              {issue.hint}
            </Text>
          )}
        </List.Item>
      ))}
    </List>
  );
}
