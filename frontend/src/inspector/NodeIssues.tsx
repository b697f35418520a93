/** Everything that is wrong at one node, each with what to do about it. */
import { Alert, Stack, Text } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import type { Issue } from "@/api/types";
import { changesOnlyGraph } from "@/graph/fixes";
import { mendGraph } from "@/stores/editor/fixing";
import { FixButtons } from "@/ui/FixButtons";

export function NodeIssues({ issues }: { issues: readonly Issue[] }) {
  if (issues.length === 0) return null;
  return (
    <Stack gap="xs" mb="sm" role="status">
      {issues.map((issue) => (
        <Alert
          key={`${issue.code} ${issue.argument} ${issue.message}`}
          variant="light"
          color={issue.severity === "error" ? "red" : "yellow"}
          p="xs"
          icon={<IconAlertCircle size={16} aria-hidden />}
        >
          <Text size="xs">{issue.message}</Text>
          {issue.hint && (
            <Text size="xs" mt={4} fs="italic">
              {issue.hint}
            </Text>
          )}
          <FixButtons fixes={(issue.fixes ?? []).filter(changesOnlyGraph)} onFix={mendGraph} />
        </Alert>
      ))}
    </Stack>
  );
}
