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
/** Of one line, in pixels: the size and height of the style sheet. */
const LINE_HEIGHT = 12 * 1.55;

export function LogView({ runId }: { runId: string }) {
  const logs = useLiveRun(runId, (run) => run.logs) ?? [];
  const dropped = useLiveRun(runId, (run) => run.droppedLogs) ?? 0;
  const [following, setFollowing] = useState(true);
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);

  // The content grows with each line, and as the true height of lines becomes known that were out of sight.
  useLayoutEffect(() => {
    const [outer, inner] = [box.current, content.current];
    if (!following || outer === null || inner === null) return;
    const observer = new ResizeObserver(() => {
      outer.scrollTop = outer.scrollHeight;
    });
    observer.observe(inner);
    return () => observer.disconnect();
  }, [following]);

  const onScroll = ({ currentTarget }: UIEvent<HTMLDivElement>) => {
    const { scrollTop, clientHeight, scrollHeight } = currentTarget;
    const atEnd = scrollHeight - scrollTop - clientHeight < AT_END;
    // Only who scrolls up leaves the end; it may also run away by itself.
    if (atEnd || scrollTop < lastTop.current) setFollowing(atEnd);
    lastTop.current = scrollTop;
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
        <div ref={content}>
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
      </div>
    </Card>
  );
}

function Line({ line }: { line: LogEvent }) {
  // Out of sight its height is reckoned from its lines, so that the end is where it will be.
  const height = line.message.split("\n").length * LINE_HEIGHT;
  return (
    <div
      className={classes.line}
      data-level={line.level}
      style={{ containIntrinsicSize: `auto ${height}px` }}
    >
      <span className={classes.time}>{CLOCK.format(new Date(line.time))}</span>
      <span className={classes.message}>{line.message}</span>
    </div>
  );
}
