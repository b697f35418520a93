/** The line below the canvas: whether the model is fine, its issues, its size. */
import { Loader, Popover, Text, UnstyledButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconAlertCircle, IconCircleCheck, IconPlugConnectedX, IconTable } from "@tabler/icons-react";
import { useIsFetching } from "@tanstack/react-query";
import { useShallow } from "zustand/react/shallow";
import { toProblem } from "@/api/problem";
import type { Issue } from "@/api/types";
import classes from "@/app/editor/Editor.module.css";
import { formatBytes, formatCount } from "@/graph/shapes";
import { CHECK_KEY, checkAgain } from "@/stores/editor/checking";
import { useEditor } from "@/stores/editor/editorStore";
import { goToIssue } from "@/stores/editor/goToIssue";

const PATIENCE_MS = 500;
const NO_ISSUES: readonly Issue[] = [];

interface StatusBarProps {
  showsSummary: boolean;
  onSummary: () => void;
}

export function StatusBar({ showsSummary, onSummary }: StatusBarProps) {
  const nodes = useEditor((state) => state.open.document.graph.nodes.length);
  const counts = useEditor(
    useShallow(({ check }) => ({ parameters: check?.parameters, bytes: check?.parameter_bytes })),
  );
  return (
    <section className={classes.status} aria-label="Status">
      <Verdict />
      <CheckingMark />
      <span className={classes.spacer} />
      <span>
        {formatCount(nodes)} {nodes === 1 ? "node" : "nodes"}
      </span>
      {counts.parameters !== undefined && <span>{formatCount(counts.parameters)} parameters</span>}
      {counts.bytes !== undefined && counts.bytes > 0 && <span>{formatBytes(counts.bytes)}</span>}
      <UnstyledButton className={classes.statusButton} aria-pressed={showsSummary} onClick={onSummary}>
        <IconTable size={15} aria-hidden /> Summary
      </UnstyledButton>
    </section>
  );
}

function Verdict() {
  const check = useEditor((state) => state.check);
  const checkError = useEditor((state) => state.checkError);
  const issues = useEditor((state) => state.check?.issues) ?? NO_ISSUES;
  const isEmpty = useEditor((state) => state.history.present.graph.nodes.length === 0);
  if (isEmpty) return <span>Empty model</span>;
  if (checkError) return <CheckFailure error={checkError} />;
  if (!check) return <span>Checking</span>;
  if (issues.length > 0) return <IssueMenu issues={issues} />;
  return (
    <Text span fz={12} c="teal" className={classes.statusButton} role="status">
      <IconCircleCheck size={15} aria-hidden /> No issues
    </Text>
  );
}

/** Says that an answer takes long: what is shown until it comes is of the drawing before. */
function CheckingMark() {
  const isChecking = useIsFetching({ queryKey: CHECK_KEY }) > 0;
  const [wasChecking] = useDebouncedValue(isChecking, PATIENCE_MS);
  const hasCheck = useEditor((state) => state.check !== null);
  if (!isChecking || !wasChecking || !hasCheck) return null;
  return (
    <Text span fz={12} c="dimmed" className={classes.statusButton} role="status">
      <Loader size={12} aria-hidden /> Checking
    </Text>
  );
}

function CheckFailure({ error }: { error: unknown }) {
  const { title, detail } = toProblem(error);
  return (
    <UnstyledButton className={classes.statusButton} c="orange" title={detail} onClick={checkAgain}>
      <IconPlugConnectedX size={15} aria-hidden /> Not checked: {title}. Try again
    </UnstyledButton>
  );
}

function IssueMenu({ issues }: { issues: readonly Issue[] }) {
  const hasErrors = issues.some(({ severity }) => severity === "error");
  return (
    <Popover position="top-start" width={420} shadow="md" withinPortal>
      <Popover.Target>
        <UnstyledButton className={classes.statusButton} c={hasErrors ? "red" : "yellow"}>
          <IconAlertCircle size={15} aria-hidden />
          {issues.length} {issues.length === 1 ? "issue" : "issues"}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown p={4}>
        <ul className={classes.issues} aria-label="Issues">
          {issues.map((issue) => (
            <li key={`${issue.code} ${issue.within.join()} ${issue.node} ${issue.argument} ${issue.message}`}>
              <IssueButton issue={issue} />
            </li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Leads to the node that causes the issue. */
function IssueButton({ issue }: { issue: Issue }) {
  return (
    <UnstyledButton className={classes.issue} onClick={() => goToIssue(issue)}>
      <Text fz={12} fw={600} span>
        {[...issue.within, issue.node ?? issue.layer ?? issue.edge ?? "model"].join(" › ")}
      </Text>{" "}
      {issue.message}
      {issue.hint && (
        <Text fz={12} c="dimmed">
          {issue.hint}
        </Text>
      )}
    </UnstyledButton>
  );
}
