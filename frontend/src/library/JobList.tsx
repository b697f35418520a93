/** Work on data: what is under way, and what became of the last pieces of it. */
import { Anchor, Badge, Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { dataJobsQuery, isOver } from "@/api/dataJobs";
import { refreshDatasets } from "@/api/ownData";
import type { DataJob } from "@/api/ownTypes";
import classes from "@/library/Library.module.css";
import { describeJob } from "@/ui/dataJobs/describe";
import { JobProgress } from "@/ui/dataJobs/JobProgress";
import { IssueList } from "@/ui/ErrorNote";
import { TimeAgo } from "@/ui/format/TimeAgo";

const SHOWN = 3;
const COLORS = { finished: "teal", failed: "red", cancelled: "gray", waiting: "blue", running: "blue" };

export function JobList() {
  const { data: jobs = [] } = useQuery(dataJobsQuery);
  const [isLong, setLong] = useState(false);
  const under = jobs.filter((job) => !isOver(job));
  const over = jobs.filter(isOver);
  const count = under.length;
  const before = useRef(0);
  useEffect(() => {
    // What ended may have brought a data set.
    if (count < before.current) void refreshDatasets();
    before.current = count;
  }, [count]);
  if (jobs.length === 0) return null;
  return (
    <Stack gap="xs" component="section" aria-label="Under way and recent">
      <Title order={2} size="h4">
        Under way and recent
      </Title>
      <Stack gap="xs" component="ul" className={classes.list}>
        {[...under, ...(isLong ? over : over.slice(0, SHOWN))].map((job) => (
          <li key={job.id}>
            <JobCard job={job} />
          </li>
        ))}
      </Stack>
      {over.length > SHOWN && (
        <Button
          variant="subtle"
          size="compact-sm"
          style={{ alignSelf: "flex-start" }}
          onClick={() => setLong(!isLong)}
        >
          {isLong ? "Show fewer" : `Show all ${jobs.length}`}
        </Button>
      )}
    </Stack>
  );
}

function JobCard({ job }: { job: DataJob }) {
  const { issues = [] } = job;
  return (
    <Card withBorder padding="xs">
      <Stack gap={6}>
        <Group justify="space-between" wrap="nowrap" gap="sm">
          <JobName job={job} />
          <Group gap="xs" wrap="nowrap">
            <Text size="xs" c="dimmed" component="div" style={{ whiteSpace: "nowrap" }}>
              <TimeAgo time={job.finished_at ?? job.created_at} />
            </Text>
            <Badge color={COLORS[job.state]} variant="light" radius="sm" tt="none">
              {job.state}
            </Badge>
          </Group>
        </Group>
        {!isOver(job) && <JobProgress job={job} label={describeJob(job)} />}
        {job.state === "failed" && (
          <Text size="sm" component="div">
            {issues.length > 0 ? <IssueList issues={issues} /> : job.reason}
          </Text>
        )}
      </Stack>
    </Card>
  );
}

function JobName({ job }: { job: DataJob }) {
  const name = describeJob(job);
  if (job.state !== "finished" || job.kind !== "make")
    return (
      <Text size="sm" fw={500} truncate="end">
        {name}
      </Text>
    );
  return (
    <Anchor component={Link} to={`/data/${job.name}`} size="sm" fw={500} truncate="end">
      {name}
    </Anchor>
  );
}
