/** From files to a data set: send them, look at them, say what is what, prepare. */
import { Button, Container, Group, Skeleton, Stack, Text } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Link, useSearchParams } from "react-router";
import { inspectFiles } from "@/api/ownData";
import type { Definition } from "@/api/ownTypes";
import { queryClient } from "@/api/queryClient";
import { FilesSection } from "@/library/FilesSection";
import { InspectionForm } from "@/library/InspectionForm";
import { PrepareForm } from "@/library/PrepareForm";
import { PrepareJob } from "@/library/PrepareJob";
import { arrange, askFor } from "@/library/roles";
import { Section } from "@/library/Section";
import { addFiles, forgetUploads, recallUploads, useUploads } from "@/stores/library/uploads";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHeader } from "@/ui/PageHeader";

export function NewDataPage() {
  const uploads = useUploads((state) => state.uploads);
  const [said, setSaid] = useState<Definition | null>(null);
  const [address, setAddress] = useSearchParams();
  const placed = address.getAll("path");
  const job = address.get("job");
  const goTo = (paths: readonly string[], begun: string | null) =>
    setAddress(writeAddress(paths, begun), { replace: true });
  useEffect(() => void recallUploads(), []);
  const count = uploads.length + placed.length;
  const isSent = count > 0 && uploads.every(({ status }) => status === "sent");
  const files = [
    ...uploads.flatMap(({ id }) => (id === null ? [] : [{ upload: id }])),
    ...placed.map((path) => ({ path })),
  ];
  const asked = said && askFor(said);
  const inspection = useQuery({
    queryKey: ["datasets", "inspect", files, asked],
    queryFn: ({ signal }) => inspectFiles(files, asked, signal),
    enabled: isSent && job === null,
    placeholderData: keepPreviousData,
    // What was sent stays as it is; what lies on the server may have changed.
    staleTime: placed.length > 0 ? 0 : Number.POSITIVE_INFINITY,
    retry: false,
  });
  const add = (chosen: readonly File[]) => {
    if (count === 0) setSaid(null);
    addFiles(chosen);
  };
  const place = (paths: readonly string[]) => {
    if (uploads.length === 0) setSaid(null);
    goTo(paths, null);
  };
  const startAnew = () => {
    forgetUploads();
    setSaid(null);
    goTo([], null);
  };
  const found = isSent && inspection.data ? arrange(inspection.data, said) : undefined;
  return (
    <Container size="xl" py="lg">
      <PageHeader
        title="Bring your own data"
        description="Your files stay on this server. They are looked at first, and prepared once you say what is what."
        actions={
          <Button
            component={Link}
            to="/data"
            variant="default"
            leftSection={<IconArrowLeft size={16} aria-hidden />}
          >
            All data
          </Button>
        }
      />
      {job !== null ? (
        <PrepareJob id={job} onBack={() => goTo(placed, null)} onReady={forgetUploads} />
      ) : (
        <Stack gap="lg">
          <FilesSection uploads={uploads} placed={placed} onFiles={add} onPlace={place} onAnew={startAnew} />
          {isSent && inspection.isPending && inspection.isFetching && (
            <LookingNote
              onStop={() => void queryClient.cancelQueries({ queryKey: ["datasets", "inspect"] })}
            />
          )}
          {isSent && inspection.isPending && !inspection.isFetching && job === null && (
            <StoppedNote onAgain={() => void inspection.refetch()} />
          )}
          {isSent && inspection.error && (
            <Stack gap="sm">
              <ErrorNote error={inspection.error} onRetry={() => void inspection.refetch()} />
              {said !== null && (
                <Button variant="default" onClick={() => setSaid(null)} style={{ alignSelf: "flex-start" }}>
                  Back to what was found
                </Button>
              )}
            </Stack>
          )}
          {found && (
            <InspectionForm
              inspection={found}
              said={said}
              isLooking={inspection.isFetching}
              onChange={setSaid}
            />
          )}
          {found && !inspection.error && (
            <Section title="Name">
              <PrepareForm
                files={files}
                firstFile={uploads[0]?.name ?? placed[0]?.split(/[\\/]/).pop() ?? ""}
                inspection={found}
                isLooking={inspection.isFetching}
                onBegun={(id) => goTo(placed, id)}
              />
            </Section>
          )}
        </Stack>
      )}
    </Container>
  );
}

/** What the page shows stands in its address, so that a reload shows it again. */
function writeAddress(placed: readonly string[], job: string | null): URLSearchParams {
  const paths = placed.map((path) => ["path", path]);
  return new URLSearchParams(job === null ? paths : [...paths, ["job", job]]);
}

function LookingNote({ onStop }: { onStop: () => void }) {
  return (
    <Stack role="status" aria-label="Looking at the files" gap="sm">
      <Group gap="xs">
        <Text size="sm" c="dimmed">
          Looking at the files…
        </Text>
        <Button variant="subtle" color="gray" size="compact-xs" onClick={onStop}>
          Stop looking
        </Button>
      </Group>
      <Skeleton h={120} />
      <Skeleton h={220} />
    </Stack>
  );
}

function StoppedNote({ onAgain }: { onAgain: () => void }) {
  return (
    <Group gap="xs">
      <Text size="sm" c="dimmed">
        The files were not looked at to the end.
      </Text>
      <Button variant="default" size="compact-sm" onClick={onAgain}>
        Look again
      </Button>
    </Group>
  );
}
