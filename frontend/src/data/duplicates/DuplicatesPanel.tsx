/** Which samples are there twice: looked for when somebody asks, shown with examples. */
import { Alert, Anchor, Button, Group, Select, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { dataJobQuery } from "@/api/dataJobs";
import { duplicatesQuery, findDuplicates } from "@/api/duplicates";
import type { DuplicateReport } from "@/api/ownTypes";
import { queryClient } from "@/api/queryClient";
import { splitsQuery } from "@/api/splits";
import type { DatasetPreview } from "@/api/types";
import { CopyExamples } from "@/data/duplicates/CopyExamples";
import { listSides } from "@/data/duplicates/sides";
import { describeReport, type Finding } from "@/data/duplicates/words";
import type { TrainingOfData } from "@/stores/datasets/datasetPreview";
import { JobProgress } from "@/ui/dataJobs/JobProgress";
import { ErrorNote } from "@/ui/ErrorNote";
import { TimeAgo } from "@/ui/format/TimeAgo";
import { notifyError } from "@/ui/notifications";
import { describeSplit, type Split } from "@/ui/runs/describeValidation";

const ABOUT =
  "Samples whose inputs are equal byte for byte are found. A picture that was saved again or made smaller is another one.";

interface DuplicatesPanelProps {
  preview: DatasetPreview;
  /** What the training form says of the data set, null where there is none. */
  training: TrainingOfData | null;
}

export function DuplicatesPanel({ preview, training }: DuplicatesPanelProps) {
  const { name } = preview;
  const found = useQuery(duplicatesQuery(name));
  const stored = useQuery(splitsQuery(name));
  const sides = listSides(training?.split ?? null, stored.data ?? []);
  const [chosen, setChosen] = useState<string | null>(null);
  const side = sides.find(({ value }) => value === chosen) ?? sides[0];
  const begin = useMutation({
    mutationFn: () =>
      findDuplicates(name, { arguments: training?.arguments ?? {}, split: side?.split ?? null }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: duplicatesQuery(name).queryKey }),
    onError: notifyError,
  });
  // What became of the last look that was begun here, also where it failed.
  const last = useQuery({ ...dataJobQuery(begin.data?.id ?? ""), enabled: begin.data !== undefined }).data;
  if (found.error) return <ErrorNote error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return null;
  const { report, job } = found.data;
  return (
    <Stack gap="sm">
      {report && <Report report={report} preview={preview} />}
      {last?.state === "failed" && !job && (
        <Alert color="red" variant="light" role="alert" p="xs">
          {last.reason}
        </Alert>
      )}
      {job ? (
        <JobProgress job={job} label="Looking for duplicates" />
      ) : (
        <Group justify="space-between" align="flex-end" gap="sm">
          <Text size="xs" c="dimmed" flex="1 1 300px">
            {report && (
              <>
                Looked at <TimeAgo time={report.looked_at} />
                {report.split != null && `, divided: ${describeSplit(report.split as Split)}`}.{" "}
              </>
            )}
            {ABOUT}
          </Text>
          {sides.length > 1 && (
            <Select
              label="Leaks across"
              size="xs"
              w={300}
              maw="100%"
              allowDeselect={false}
              data={sides.map(({ value, label }) => ({ value, label }))}
              value={side?.value ?? null}
              onChange={setChosen}
            />
          )}
          <Button size="xs" variant="default" loading={begin.isPending} onClick={() => begin.mutate()}>
            {report ? "Look again" : "Look for duplicates"}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function Report({ report, preview }: { report: DuplicateReport; preview: DatasetPreview }) {
  return (
    <Stack gap="md" component="ul" aria-label="Duplicates" m={0} p={0} style={{ listStyle: "none" }}>
      {describeReport(report).map((finding) => (
        <FindingItem key={finding.text} finding={finding} preview={preview} />
      ))}
    </Stack>
  );
}

function FindingItem({ finding, preview }: { finding: Finding; preview: DatasetPreview }) {
  const [isOpen, setOpen] = useState(!finding.isClean);
  const { text, isClean, examples } = finding;
  const Icon = isClean ? IconCheck : IconAlertTriangle;
  return (
    <Group component="li" gap="sm" wrap="nowrap" align="flex-start">
      <ThemeIcon size={22} radius="xl" variant="light" color={isClean ? "teal" : "orange"}>
        <Icon size={14} aria-hidden />
      </ThemeIcon>
      <Stack gap="xs" flex={1} miw={0}>
        <Group gap="sm">
          <Text size="sm">{text}</Text>
          {examples.length > 0 && (
            <Anchor component="button" type="button" size="xs" onClick={() => setOpen(!isOpen)}>
              {isOpen ? "Hide examples" : "Show examples"}
            </Anchor>
          )}
        </Group>
        {isOpen && examples.length > 0 && <CopyExamples preview={preview} examples={examples} />}
      </Stack>
    </Group>
  );
}
