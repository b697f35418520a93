/** One of Keras's own architectures, with its arguments. */
import { Alert, Button, Group, ScrollArea, Select, Skeleton, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useCatalogue } from "@/api/catalogue";
import { importApplication } from "@/api/imports";
import type { Entry, ImportedModel } from "@/api/types";
import { ArgumentForm } from "@/forms/ArgumentForm";
import { groupApplications, isDownload, listArguments } from "@/home/importing/applications";
import { ErrorNote } from "@/ui/ErrorNote";

const FORM_HEIGHT = 320;

type Arguments = Parameters<typeof importApplication>[1];

export function ApplicationImport({ onImported }: { onImported: (model: ImportedModel) => void }) {
  const catalogue = useCatalogue();
  const [name, setName] = useState<string | null>(null);
  if (catalogue.error) return <ErrorNote error={catalogue.error} onRetry={() => void catalogue.refetch()} />;
  if (!catalogue.data) return <Skeleton h={36} aria-label="Loading the architectures" />;
  const entries = catalogue.data.applications;
  const chosen = entries.find((entry) => entry.class_name === name);
  return (
    <Stack>
      <Select
        label="Architecture"
        description={`${entries.length} of keras.applications`}
        placeholder="Search, such as ResNet50"
        data={groupApplications(entries)}
        value={name}
        onChange={setName}
        searchable
        nothingFoundMessage="No architecture has this name"
        data-autofocus
      />
      {chosen && <ApplicationForm key={chosen.class_name} entry={chosen} onImported={onImported} />}
    </Stack>
  );
}

interface ApplicationFormProps {
  entry: Entry;
  onImported: (model: ImportedModel) => void;
}

function ApplicationForm({ entry, onImported }: ApplicationFormProps) {
  const [config, setConfig] = useState<Arguments>({ weights: null });
  const make = useMutation({
    mutationFn: () => importApplication(entry.class_name, config),
    onSuccess: onImported,
  });
  const shown = { ...entry, arguments: listArguments(entry) };
  return (
    <Stack>
      <Text size="sm" c="dimmed" lineClamp={2}>
        {entry.summary}
      </Text>
      <ScrollArea.Autosize mah={FORM_HEIGHT} type="auto" offsetScrollbars>
        <ArgumentForm
          entry={shown}
          config={config}
          idPrefix="application-"
          disabled={make.isPending}
          onChange={({ name }, value) => setConfig((before) => withValue(before, name, value))}
          onDone={() => undefined}
        />
      </ScrollArea.Autosize>
      {isDownload(config) && (
        <Alert color="blue" variant="light" p="xs">
          <Text size="sm">Keras downloads these weights; this can take minutes.</Text>
        </Alert>
      )}
      {make.error && <ErrorNote error={make.error} />}
      <Group justify="flex-end">
        <Button loading={make.isPending} onClick={() => make.mutate()}>
          Import
        </Button>
      </Group>
    </Stack>
  );
}

function withValue(config: Arguments, name: string, value: unknown): Arguments {
  const { [name]: _, ...others } = config;
  if (value === undefined) return name === "weights" ? { ...others, weights: null } : others;
  return { ...others, [name]: value as Arguments[string] };
}
