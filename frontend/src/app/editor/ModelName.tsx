/** The model's name, renamed in place. */
import { TextInput, UnstyledButton } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { rememberModel, renameModel } from "@/api/models";
import { toProblem } from "@/api/problem";
import type { ModelPublic } from "@/api/types";
import classes from "@/app/editor/Editor.module.css";

export function ModelName({ model }: { model: ModelPublic }) {
  const [draft, setDraft] = useState<string | null>(null);
  const rename = useMutation({
    mutationFn: (name: string) => renameModel(model.id, name),
    onSuccess: (renamed) => {
      rememberModel(renamed);
      setDraft(null);
    },
  });
  if (draft === null) {
    return (
      <UnstyledButton
        className={classes.name}
        aria-label={`Rename model ${model.name}`}
        title="Rename"
        onClick={() => {
          rename.reset();
          setDraft(model.name);
        }}
      >
        {model.name}
      </UnstyledButton>
    );
  }
  const submit = () => {
    if (draft.trim() === model.name || draft.trim() === "") setDraft(null);
    else rename.mutate(draft);
  };
  return (
    <TextInput
      size="xs"
      w={280}
      aria-label="Model name"
      autoFocus
      maxLength={120}
      value={draft}
      disabled={rename.isPending}
      error={rename.error && toProblem(rename.error).detail}
      onChange={({ currentTarget }) => setDraft(currentTarget.value)}
      onBlur={submit}
      onKeyDown={({ key }) => {
        if (key === "Enter") submit();
        if (key === "Escape") setDraft(null);
      }}
    />
  );
}
