/** Stores how the samples are divided now under a name, or shows and deletes what is stored. */
import { Button, Group, Text, TextInput } from "@mantine/core";
import { IconDeviceFloppy } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { toProblem } from "@/api/problem";
import { queryClient } from "@/api/queryClient";
import { deleteSplit, type StoredSplitInfo, splitsQuery, storeSplit } from "@/api/splits";
import type { SectionProps } from "@/train/section";
import { writeSides } from "@/train/validation/splits";
import { notifyError, notifySuccess } from "@/ui/notifications";
import { describeValidation, type Split } from "@/ui/runs/describeValidation";

/** What the API takes as a name. */
const NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;

interface StoredSplitProps extends Pick<SectionProps, "config" | "onChange"> {
  split: Split;
  stored: readonly StoredSplitInfo[];
}

export function StoredSplit({ split, stored, ...section }: StoredSplitProps) {
  if (split.kind !== "stored") return <StoreForm split={split} {...section} />;
  const info = stored.find(({ name }) => name === split.name);
  return info === undefined ? null : <StoredFacts info={info} {...section} />;
}

function StoredFacts({
  info,
  config,
  onChange,
}: Pick<SectionProps, "config" | "onChange"> & { info: StoredSplitInfo }) {
  const remove = useMutation({
    mutationFn: () => deleteSplit(info.dataset, info.name),
    onSuccess: async () => {
      // How it was made stays, so that nothing but the name is lost.
      onChange({ ...config, data: { ...config.data, split: info.definition } });
      await queryClient.invalidateQueries({ queryKey: splitsQuery(info.dataset).queryKey });
      notifySuccess(`The split ${info.name} is deleted.`);
    },
    onError: notifyError,
  });
  const made = describeValidation({ fit: config.fit, data: { ...config.data, split: info.definition } });
  return (
    <Group justify="space-between" wrap="nowrap" gap="xs">
      <Text size="xs" c="dimmed">
        {`${writeSides(info)}. Made as ${made}; the same in every run that names it.`}
      </Text>
      <Button
        size="compact-xs"
        variant="subtle"
        color="red"
        style={{ flex: "none" }}
        loading={remove.isPending}
        onClick={() => remove.mutate()}
      >
        Delete
      </Button>
    </Group>
  );
}

interface StoreFormProps extends Pick<SectionProps, "config" | "onChange"> {
  split: Exclude<Split, { kind: "stored" }>;
}

function StoreForm({ split, config, onChange }: StoreFormProps) {
  const [name, setName] = useState<string | null>(null);
  const { dataset, arguments: given } = config.data;
  const store = useMutation({
    mutationFn: (wanted: string) =>
      storeSplit(dataset, { name: wanted, definition: split, arguments: given }),
    onSuccess: async (info) => {
      await queryClient.invalidateQueries({ queryKey: splitsQuery(dataset).queryKey });
      setName(null);
      onChange({ ...config, data: { ...config.data, split: { kind: "stored", name: info.name } } });
      notifySuccess(`The split ${info.name} is stored: ${writeSides(info)}.`);
    },
  });
  if (name === null)
    return (
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        leftSection={<IconDeviceFloppy size={14} aria-hidden />}
        style={{ alignSelf: "flex-start" }}
        onClick={() => setName("")}
      >
        Store this split…
      </Button>
    );
  const isName = NAME.test(name);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isName) store.mutate(name);
      }}
    >
      <TextInput
        label="Name of the split"
        size="xs"
        data-autofocus
        autoFocus
        value={name}
        maxLength={63}
        error={
          store.error
            ? toProblem(store.error).detail
            : name !== "" && !isName && "Expected small letters, digits, - and _, a letter or digit first."
        }
        onChange={({ currentTarget: { value } }) => {
          store.reset();
          setName(value);
        }}
      />
      <Group gap="xs" mt={6}>
        <Button type="submit" size="compact-xs" disabled={!isName} loading={store.isPending}>
          Store
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => setName(null)}>
          Cancel
        </Button>
      </Group>
    </form>
  );
}
