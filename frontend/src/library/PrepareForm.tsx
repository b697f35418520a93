/** Names the new data set and begins to prepare it. */
import { Button, Group, SimpleGrid, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { datasetsQuery } from "@/api/datasets";
import { prepareDataset } from "@/api/ownData";
import type { Inspection, SentFile } from "@/api/ownTypes";
import { explainName, explainNotReady, proposeName, proposeTitle } from "@/library/roles";
import { ErrorNote } from "@/ui/ErrorNote";

interface PrepareFormProps {
  files: readonly SentFile[];
  firstFile: string;
  inspection: Inspection;
  isLooking: boolean;
  onBegun: (job: string) => void;
}

const LONGEST_NAME = 63;
const LONGEST_TITLE = 200;
const LONGEST_DESCRIPTION = 2000;

export function PrepareForm({ files, firstFile, inspection, isLooking, onBegun }: PrepareFormProps) {
  const datasets = useQuery(datasetsQuery);
  // The page's own address `/data/new` would hide a data set of that name.
  const taken = ["new", ...(datasets.data ?? []).map((dataset) => dataset.name)];
  const [typedName, setName] = useState<string | null>(null);
  const [typedTitle, setTitle] = useState<string | null>(null);
  const [description, setDescription] = useState("");
  const name = typedName ?? proposeName(firstFile, taken);
  const title = typedTitle ?? proposeTitle(firstFile).slice(0, LONGEST_TITLE);
  const prepare = useMutation({
    mutationFn: () =>
      prepareDataset({
        name,
        title: title.trim(),
        description,
        files: [...files],
        definition: inspection.definition,
      }),
    onSuccess: ({ id }) => onBegun(id),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    prepare.mutate();
  };
  const refused = (inspection.issues ?? []).some(({ severity }) => severity === "error");
  const missing = explainNotReady(inspection.definition);
  const badName = explainName(name, taken);
  return (
    <form onSubmit={submit}>
      <Stack>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label="Name"
            description="What training settings and code call it"
            value={name}
            maxLength={LONGEST_NAME}
            error={badName}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label="Title"
            description="What people read"
            value={title}
            maxLength={LONGEST_TITLE}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
        </SimpleGrid>
        <Textarea
          label="Description"
          autosize
          minRows={1}
          maxRows={6}
          value={description}
          maxLength={LONGEST_DESCRIPTION}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        {prepare.error && <ErrorNote error={prepare.error} />}
        <Group justify="flex-end" gap="sm">
          <Text size="sm" c="dimmed">
            {missing ?? (refused ? "First mend what is wrong with the files." : "")}
          </Text>
          <Button
            type="submit"
            loading={prepare.isPending}
            disabled={isLooking || refused || missing !== null || badName !== null || title.trim() === ""}
          >
            Prepare
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
