/** Which runs the list shows. */
import { Group, MultiSelect, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import type { RunFilter } from "@/api/runs";
import type { RunStatus } from "@/api/types";

const STATUSES: readonly RunStatus[] = ["queued", "running", "paused", "finished", "failed", "stopped"];

interface RunFiltersProps {
  filter: RunFilter;
  onChange: (filter: RunFilter) => void;
}

export function RunFilters({ filter, onChange }: RunFiltersProps) {
  const pick = (chosen: string[]) =>
    onChange({ ...filter, status: STATUSES.filter((status) => chosen.includes(status)) });
  return (
    <Group gap="sm" mb="md" align="flex-start">
      <TextInput
        aria-label="Search runs"
        placeholder="Search by run or model"
        leftSection={<IconSearch size={16} aria-hidden />}
        w={280}
        maxLength={200}
        value={filter.q ?? ""}
        onChange={(event) => onChange({ ...filter, q: event.currentTarget.value || undefined })}
      />
      <MultiSelect
        aria-label="Status"
        placeholder={filter.status?.length ? "" : "Any status"}
        data={[...STATUSES]}
        value={[...(filter.status ?? [])]}
        onChange={pick}
        clearable
        miw={220}
      />
    </Group>
  );
}
