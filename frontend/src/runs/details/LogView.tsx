/** What a run's worker printed and logged, following the newest line unless one scrolls up. */
import { Card, Group, Switch, Text, Title } from "@mantine/core";
import { type UIEvent, useLayoutEffect, useRef, useState } from "react";
import type { LogEvent } from "@/api/types";
import classes from "@/runs/details/LogView.module.css";
import { useLiveRun } from "@/stores/runs/useLiveRun";
import { formatCount } from "@/ui/format/amounts";

const CLOCK = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
/** Closer to the end than this counts as being there. In pixels. */
const AT_END = 24;

export function LogView({ runId }: { runId: string }) {
  const logs = useLiveRun(runId, (run) => run.logs) ?? [];
  const dropped = useLiveRun(runId, (run) => run.droppedLogs) ?? 0;
  const [following, setFollowing] = useState(true);
  const box = useRef<HTMLDivElement>(null);
  const newest = logs.at(-1)?.seq;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new line is what makes it scroll
  useLayoutEffect(() => {
    if (following && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [following, newest]);

  const onScroll = ({ currentTarget }: UIEvent<HTMLDivElement>) => {
    const { scrollTop, clientHeight, scrollHeight } = currentTarget;
    setFollowing(scrollHeight - scrollTop - clientHeight < AT_END);
  };
  return (
    <Card withBorder padding="md" component="section" aria-label="Log">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h5">
          Log
        </Title>
        <Switch
          size="sm"
          label="Follow the newest line"
          checked={following}
          onChange={(event) => setFollowing(event.currentTarget.checked)}
        />
      </Group>
      <div ref={box} className={classes.box} onScroll={onScroll} role="log" aria-label="Log lines">
        {dropped > 0 && (
          <Text size="xs" c="dimmed">{`${formatCount(dropped, "earlier line")} not shown`}</Text>
        )}
        {logs.length === 0 && (
          <Text size="sm" c="dimmed">
            The worker has written nothing.
          </Text>
        )}
        {logs.map((line) => (
          <Line key={line.seq} line={line} />
        ))}
      </div>
    </Card>
  );
}

function Line({ line }: { line: LogEvent }) {
  return (
    <div className={classes.line} data-level={line.level}>
      <span className={classes.time}>{CLOCK.format(new Date(line.time))}</span>
      <span className={classes.message}>{line.message}</span>
    </div>
  );
}
