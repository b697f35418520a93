/** What Keras's drawing shows, as switches and choices that Keras itself names. */
import { Button, Group, Popover, Select, Stack, Switch } from "@mantine/core";
import { IconAdjustments } from "@tabler/icons-react";
import type { DrawingOptions as Chosen } from "@/api/exports";
import type { DrawingOption } from "@/api/types";
import { toLabel } from "@/drawing/optionLabels";

interface DrawingOptionsProps {
  options: readonly DrawingOption[];
  chosen: Chosen;
  onChange: (chosen: Chosen) => void;
}

export function DrawingOptions({ options, chosen, onChange }: DrawingOptionsProps) {
  const set = (name: string, value: string) => onChange({ ...chosen, [name]: value });
  return (
    <Popover position="bottom-start" shadow="md" withArrow>
      <Popover.Target>
        <Button variant="default" size="xs" leftSection={<IconAdjustments size={14} aria-hidden />}>
          What is shown
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          {options.map((option) => (
            <OptionField key={option.name} option={option} value={chosen[option.name]} onChange={set} />
          ))}
          <Group justify="flex-end">
            <Button variant="subtle" size="compact-xs" onClick={() => onChange({})}>
              As at first
            </Button>
          </Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

interface OptionFieldProps {
  option: DrawingOption;
  value: string | undefined;
  onChange: (name: string, value: string) => void;
}

function OptionField({ option, value = String(option.default), onChange }: OptionFieldProps) {
  if (option.kind === "boolean")
    return (
      <Switch
        size="xs"
        label={toLabel(option.name)}
        checked={value === "true"}
        onChange={({ currentTarget }) => onChange(option.name, String(currentTarget.checked))}
      />
    );
  if (option.choices.length > 0)
    return (
      <Select
        size="xs"
        label={toLabel(option.name)}
        data={option.choices}
        value={value}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        onChange={(chosen) => chosen && onChange(option.name, chosen)}
      />
    );
  return null;
}
