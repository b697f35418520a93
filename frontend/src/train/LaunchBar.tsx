/** What will be trained, what stands in the way, and the button that starts it. */
import { Button, Group, Loader, Stack, Text, Tooltip } from "@mantine/core";
import { IconPlayerPlayFilled } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { rememberRun, startRun } from "@/api/runs";
import type { CompileResult, Issue, RunConfig } from "@/api/types";
import { saveNow } from "@/stores/editor/autosave";
import { focusNode, useEditor } from "@/stores/editor/editorStore";
import { IssueNotes } from "@/train/IssueNotes";
import classes from "@/train/Train.module.css";
import type { CompileCheck } from "@/train/useCompileCheck";
import { ErrorNote } from "@/ui/ErrorNote";
import { formatCount } from "@/ui/format/amounts";
import { notifySuccess } from "@/ui/notifications";

const MOST_SHOWN = 3;
const NO_ISSUES: readonly Issue[] = [];

interface LaunchBarProps {
  modelId: string;
  config: RunConfig;
  check: CompileCheck;
  /** The issues that no field of the form shows. */
  rest: readonly Issue[];
  /** Settings that belong beside the button: where training starts. */
  children?: ReactNode;
}

export function LaunchBar({ modelId, config, check, rest, children }: LaunchBarProps) {
  const drawn = useEditor((state) => state.check?.issues) ?? NO_ISSUES;
  const launch = useMutation({
    mutationFn: async () => {
      await saveNow();
      return startRun(modelId, config);
    },
    onSuccess: (run) => {
      rememberRun(run);
      notifySuccess(`${run.name} is on its way.`);
    },
  });
  const obstacle = findObstacle(drawn, check.issues);
  return (
    <footer className={classes.launch}>
      <Stack gap="xs">
        {launch.error && <ErrorNote error={launch.error} />}
        {check.error !== null && <ErrorNote error={check.error} onRetry={check.retry} />}
        <RestIssues issues={rest} />
        {children}
        <CheckLine checking={check.checking} result={check.result} />
        <Tooltip label={obstacle} disabled={obstacle === null}>
          <Button
            fullWidth
            size="md"
            leftSection={<IconPlayerPlayFilled size={16} aria-hidden />}
            loading={launch.isPending}
            aria-disabled={obstacle !== null}
            data-disabled={obstacle !== null || undefined}
            title={obstacle ?? undefined}
            onClick={() => obstacle === null && launch.mutate()}
          >
            Train
          </Button>
        </Tooltip>
      </Stack>
    </footer>
  );
}

/** Why Train cannot be pressed, or null. */
function findObstacle(drawn: readonly Issue[], found: readonly Issue[]): string | null {
  const inGraph = drawn.filter(({ severity }) => severity === "error");
  if (inGraph.length > 0)
    return `The graph has ${formatCount(inGraph.length, "error")}: ${inGraph[0]?.message}`;
  const inConfig = found.find(({ severity }) => severity === "error");
  return inConfig?.message ?? null;
}

function RestIssues({ issues }: { issues: readonly Issue[] }) {
  return (
    <>
      {issues.slice(0, MOST_SHOWN).map((issue) => (
        <RestIssue key={`${issue.code} ${issue.node} ${issue.argument}`} issue={issue} />
      ))}
      {issues.length > MOST_SHOWN && (
        <Text size="xs" c="dimmed">{`and ${formatCount(issues.length - MOST_SHOWN, "more issue")}`}</Text>
      )}
    </>
  );
}

function RestIssue({ issue }: { issue: Issue }) {
  const { node } = issue;
  return (
    <div>
      <IssueNotes issues={[issue]} />
      {node && (
        <Button size="compact-xs" variant="subtle" onClick={() => focusNode(node)}>
          Show {node}
        </Button>
      )}
    </div>
  );
}

/** Always one line high, so that nothing moves while it checks. */
function CheckLine({ checking, result }: { checking: boolean; result: CompileResult | null }) {
  return (
    <Group gap="xs" h={20} wrap="nowrap" aria-live="polite">
      {checking && <Loader size={12} aria-hidden />}
      <Text size="xs" c="dimmed" truncate="end">
        {checking ? "Checking with Keras…" : result && describeResult(result)}
      </Text>
    </Group>
  );
}

function describeResult(result: CompileResult): string {
  const parts = [
    formatCount(result.check.parameters, "parameter"),
    result.samples == null ? null : formatCount(result.samples, "sample"),
    result.steps_per_epoch == null ? null : `${formatCount(result.steps_per_epoch, "step")} per epoch`,
  ];
  return parts.filter(Boolean).join(" · ");
}
