/** One of a person's own data sets: what it is made of, what is in it, and what to do with it. */
import { Badge, Button, Container, Group, Skeleton, Stack, Table, Text } from "@mantine/core";
import { IconArrowLeft, IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Link, useNavigate } from "react-router";
import { deleteDataset, manifestQuery, refreshDatasets } from "@/api/ownData";
import type { Manifest, PreparedArray } from "@/api/ownTypes";
import { FieldTable } from "@/library/FieldTable";
import classes from "@/library/Library.module.css";
import { NoteList } from "@/library/NoteList";
import { Section } from "@/library/Section";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { formatBytes, formatCount } from "@/ui/format/amounts";
import { formatSampleShape } from "@/ui/format/sampleShape";
import { TimeAgo } from "@/ui/format/TimeAgo";
import { notifySuccess } from "@/ui/notifications";
import { PageHeader } from "@/ui/PageHeader";

interface OwnDataPageProps {
  name: string;
  /** The first samples, as the model sees them. */
  samples: ReactNode;
  /** Which of them are there twice. */
  duplicates: ReactNode;
  training: { readonly isPending: boolean; readonly error: unknown; readonly begin: () => void };
}

export function OwnDataPage({ name, samples, duplicates, training }: OwnDataPageProps) {
  const manifest = useQuery(manifestQuery(name));
  return (
    <Container size="xl" py="lg">
      {manifest.error && <ErrorNote error={manifest.error} onRetry={() => void manifest.refetch()} />}
      {manifest.isPending && <Skeleton h={320} role="status" aria-label="Loading the data set" />}
      {manifest.data && (
        <SetView manifest={manifest.data} samples={samples} duplicates={duplicates} training={training} />
      )}
    </Container>
  );
}

function SetView({
  manifest,
  samples,
  duplicates,
  training,
}: { manifest: Manifest } & Omit<OwnDataPageProps, "name">) {
  const [isDeleting, setDeleting] = useState(false);
  const { name, title, description, task, fields, notes = [], test_samples: kept = 0 } = manifest;
  return (
    <>
      <PageHeader
        title={title}
        description={
          <Group gap="sm">
            <Badge variant="light" tt="none" radius="sm">
              {task.replace("_", " ")}
            </Badge>
            <Text size="sm" c="dimmed" component="div">
              {name} · {formatCount(manifest.samples, "sample")}
              {kept > 0 && ` and ${formatCount(kept, "test sample")}`} · {writeSize(manifest)} · prepared{" "}
              <TimeAgo time={manifest.created_at} />
            </Text>
          </Group>
        }
        actions={
          <>
            <Button
              component={Link}
              to="/data"
              variant="default"
              leftSection={<IconArrowLeft size={16} aria-hidden />}
            >
              All data
            </Button>
            <Button
              variant="default"
              color="red"
              leftSection={<IconTrash size={16} aria-hidden />}
              onClick={() => setDeleting(true)}
            >
              Delete
            </Button>
            <Button
              leftSection={<IconPlayerPlay size={16} aria-hidden />}
              loading={training.isPending}
              onClick={training.begin}
            >
              Train a model on it
            </Button>
          </>
        }
      />
      <Stack gap="lg">
        {training.error != null && <ErrorNote error={training.error} />}
        {description && <Text size="sm">{description}</Text>}
        <NoteList notes={notes} />
        <Section title="Arrays">
          <Arrays manifest={manifest} />
        </Section>
        <Section title="Samples">{samples}</Section>
        <Section title="Duplicates">{duplicates}</Section>
        <Section title="Fields">
          <FieldTable fields={fields} />
        </Section>
        <Section title="Files">
          <Files manifest={manifest} />
        </Section>
      </Stack>
      <DeleteDialog manifest={manifest} opened={isDeleting} onClose={() => setDeleting(false)} />
    </>
  );
}

/** What the arrays take, as they lie in memory and on the disk. */
function writeSize(manifest: Manifest): string {
  const { inputs, targets, samples, test_samples: kept = 0, text_statistics = [] } = manifest;
  const texts = text_statistics.reduce((all, { mean_length }) => all + mean_length, 0);
  const each = [...inputs, ...targets].map(
    ({ shape, dtype }) => shape.reduce((all, size) => all * size, 1) * bytesOf(dtype),
  );
  return formatBytes(each.reduce((all, size) => all + size, texts) * (samples + kept));
}

function bytesOf(dtype: string): number {
  const [bits = "8"] = /\d+$/.exec(dtype) ?? [];
  return Number(bits) / 8;
}

function Arrays({ manifest }: { manifest: Manifest }) {
  const row = (role: string) => (array: PreparedArray) => (
    <Table.Tr key={`${role} ${array.name}`}>
      <Table.Td fw={500}>{array.name}</Table.Td>
      <Table.Td>
        {array.classes ? `${role}, ${formatCount(array.classes, "class", "classes")}` : role}
      </Table.Td>
      <Table.Td>{formatSampleShape(array)}</Table.Td>
      <Table.Td>{array.dtype}</Table.Td>
      <Table.Td className={classes.cell} title={(array.class_names ?? []).join(", ")}>
        {(array.class_names ?? []).join(", ")}
      </Table.Td>
    </Table.Tr>
  );
  return (
    <Table.ScrollContainer minWidth={560} type="native">
      <Table verticalSpacing={4} className={classes.table} aria-label="Arrays">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Array</Table.Th>
            <Table.Th>Role</Table.Th>
            <Table.Th>Shape of a sample</Table.Th>
            <Table.Th>Dtype</Table.Th>
            <Table.Th>Classes</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {manifest.inputs.map(row("input"))}
          {manifest.targets.map(row("target"))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Files({ manifest }: { manifest: Manifest }) {
  return (
    <Stack gap={4} component="ul" className={classes.list}>
      {manifest.files.map((file) => {
        const [key, text] =
          "path" in file
            ? [file.path, file.path]
            : [file.sha256 + file.name, `${file.name} · ${formatBytes(file.size)}`];
        return (
          <Text key={key} size="sm" component="li">
            {text}
          </Text>
        );
      })}
    </Stack>
  );
}

interface DeleteDialogProps {
  manifest: Manifest;
  opened: boolean;
  onClose: () => void;
}

function DeleteDialog({ manifest: { name, title }, opened, onClose }: DeleteDialogProps) {
  const navigate = useNavigate();
  const remove = async () => {
    await deleteDataset(name);
    notifySuccess(`The data set ${name} was deleted.`);
    await navigate("/data");
    await refreshDatasets();
  };
  return (
    <ConfirmDialog
      opened={opened}
      title="Delete this data set?"
      confirmLabel="Delete data set"
      onConfirm={remove}
      onClose={onClose}
    >
      <b>{title}</b> and the files that nothing else uses are deleted from the server for good. Models and
      finished runs stay; they cannot be trained or evaluated on it any more.
    </ConfirmDialog>
  );
}
