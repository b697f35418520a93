/** What is wrong with a field: the message, what to do, and the ways to mend it. */
import { Stack, Text } from "@mantine/core";
import { createContext, useContext } from "react";
import type { Fix, Issue } from "@/api/types";
import classes from "@/train/Train.module.css";
import { FixButtons } from "@/ui/FixButtons";

interface Fixing {
  /** Whether the issues are those of what is shown, and not of what it was before. */
  readonly isCurrent: boolean;
  readonly fix: (fix: Fix) => void;
}

const FixingContext = createContext<Fixing>({ isCurrent: false, fix: () => undefined });

export const FixingProvider = FixingContext.Provider;

export function IssueNotes({ issues }: { issues: readonly Issue[] }) {
  if (issues.length === 0) return null;
  return (
    <Stack gap={6}>
      {issues.map((issue) => (
        <IssueNote key={`${issue.code} ${issue.node} ${issue.argument} ${issue.message}`} issue={issue} />
      ))}
    </Stack>
  );
}

function IssueNote({ issue }: { issue: Issue }) {
  const { isCurrent, fix } = useContext(FixingContext);
  return (
    <div className={classes.issue} data-severity={issue.severity} role="status">
      <Text size="xs">{issue.message}</Text>
      {issue.hint && (
        <Text size="xs" c="dimmed" mt={2}>
          {issue.hint}
        </Text>
      )}
      <FixButtons fixes={issue.fixes ?? []} disabled={!isCurrent} onFix={fix} />
    </div>
  );
}

/** Whether a field is to be marked as wrong. */
export function hasError(issues: readonly Issue[]): boolean {
  return issues.some(({ severity }) => severity === "error");
}
