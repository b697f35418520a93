/** Keras's JSON, pasted. */
import { Button, Group, Stack, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { importConfig } from "@/api/imports";
import type { ImportedModel } from "@/api/types";
import { readConfig } from "@/home/importing/readConfig";
import { ErrorNote } from "@/ui/ErrorNote";

export function JsonImport({ onImported }: { onImported: (model: ImportedModel) => void }) {
  const [text, setText] = useState("");
  const make = useMutation({ mutationFn: importConfig, onSuccess: onImported });
  const parsed = readConfig(text);
  return (
    <Stack>
      <Textarea
        label="JSON of a model"
        description="What model.to_json() or model.get_config() gives, of Keras 3 or Keras 2"
        placeholder='{"class_name": "Functional", "config": {"layers": …}}'
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        error={text.trim() !== "" && !parsed.ok && parsed.message}
        minRows={10}
        maxRows={16}
        autosize
        spellCheck={false}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        data-autofocus
      />
      {make.error && <ErrorNote error={make.error} />}
      <Group justify="flex-end">
        <Button
          disabled={!parsed.ok}
          loading={make.isPending}
          onClick={() => parsed.ok && make.mutate(parsed.config)}
        >
          Import
        </Button>
      </Group>
    </Stack>
  );
}
