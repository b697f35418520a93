/** All data sets: a person's own first, then those that come with the server. */
import {
  Anchor,
  Badge,
  Button,
  Card,
  Container,
  Group,
  SimpleGrid,
  Skeleton,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { IconDatabase, IconUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { datasetsQuery } from "@/api/datasets";
import type { DatasetSummary } from "@/api/types";
import { JobList } from "@/library/JobList";
import classes from "@/library/Library.module.css";
import { openDatasetPreview } from "@/stores/datasets/datasetPreview";
import { useUploads } from "@/stores/library/uploads";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { formatCount } from "@/ui/format/amounts";
import { formatInputs } from "@/ui/format/sampleShape";
import { PageHeader } from "@/ui/PageHeader";

export const OWN = "own";
const COLUMNS = { base: 1, xs: 2, lg: 3 };

export function DataPage() {
  const datasets = useQuery(datasetsQuery);
  const own = datasets.data?.filter(({ source }) => source === OWN) ?? [];
  const others = datasets.data?.filter(({ source }) => source !== OWN) ?? [];
  const underWay = useUploads((state) => state.uploads.length);
  return (
    <Container size="xl" py="lg">
      <PageHeader
        title="Data"
        description="What models are trained on: your own files, and the sets that come with Layerloom."
        actions={<NewButton label={underWay > 0 ? "Go on with your files" : "Bring your own"} />}
      />
      {datasets.error && <ErrorNote error={datasets.error} onRetry={() => void datasets.refetch()} />}
      {datasets.isPending && <Skeleton h={220} role="status" aria-label="Loading the data sets" />}
      {datasets.data && (
        <Stack gap="xl">
          <section aria-label="Your data">
            <Title order={2} size="h4" mb="sm">
              Your data
            </Title>
            {own.length === 0 ? <NothingYet /> : <Sets datasets={own} />}
          </section>
          <JobList />
          <section aria-label="Built in">
            <Title order={2} size="h4" mb="sm">
              Built in
            </Title>
            <Sets datasets={others} />
          </section>
        </Stack>
      )}
    </Container>
  );
}

function NewButton({ label }: { label: string }) {
  return (
    <Button component={Link} to="/data/new" leftSection={<IconUpload size={16} aria-hidden />}>
      {label}
    </Button>
  );
}

function NothingYet() {
  return (
    <Card withBorder>
      <EmptyState
        icon={<IconDatabase size={28} />}
        title="None of your own yet"
        action={<NewButton label="Bring your own data" />}
      >
        A table, arrays from numpy or HDF5, or a folder of images or texts: look at it, say what is input and
        what is target, and train on it.
      </EmptyState>
    </Card>
  );
}

function Sets({ datasets }: { datasets: readonly DatasetSummary[] }) {
  return (
    <SimpleGrid cols={COLUMNS} spacing="sm" component="ul" className={classes.list}>
      {datasets.map((dataset) => (
        <li key={dataset.name}>
          <SetCard dataset={dataset} />
        </li>
      ))}
    </SimpleGrid>
  );
}

function SetCard({ dataset }: { dataset: DatasetSummary }) {
  const { name, title, source, task, samples, inputs, available } = dataset;
  return (
    <Card withBorder padding="sm" h="100%" className={classes.card}>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        {source === OWN ? (
          <Anchor component={Link} to={`/data/${name}`} fw={600} truncate="end" className={classes.cover}>
            {title}
          </Anchor>
        ) : (
          <Anchor
            component="button"
            type="button"
            fw={600}
            truncate="end"
            className={classes.cover}
            disabled={!available}
            onClick={() => openDatasetPreview(name)}
          >
            {title}
          </Anchor>
        )}
        <Badge variant="light" tt="none" radius="sm" style={{ flexShrink: 0 }}>
          {task.replace("_", " ")}
        </Badge>
      </Group>
      <Text size="xs" c="dimmed" mt={4}>
        {[name, formatCount(samples, "sample"), formatInputs(inputs)].join(" · ")}
        {!available && " · to download"}
      </Text>
    </Card>
  );
}
