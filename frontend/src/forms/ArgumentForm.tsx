/** A form for the arguments of one class, drawn entirely from its catalogue entry. */
import { Button, Collapse, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronRight } from "@tabler/icons-react";
import type { Argument, Entry, Issue } from "@/api/types";
import { ArgumentField } from "@/forms/ArgumentField";
import classes from "@/forms/Forms.module.css";
import { groupArguments } from "@/forms/families";

interface ArgumentFormProps {
  entry: Entry;
  config: Readonly<Record<string, unknown>>;
  issues?: readonly Issue[];
  /** Keeps the fields of nested forms apart. */
  idPrefix: string;
  disabled?: boolean;
  onChange: (argument: Argument, value: unknown) => void;
  onDone: () => void;
}

export function ArgumentForm(props: ArgumentFormProps) {
  const { main, advanced } = groupArguments(props.entry);
  const isChanged = advanced.some(({ name }) => name in props.config || findIssue(props.issues, name));
  const [isOpen, { toggle }] = useDisclosure(isChanged);
  return (
    <Stack gap="sm">
      <Fields {...props} fields={main} />
      {advanced.length > 0 && (
        <div>
          <Button
            variant="subtle"
            color="gray"
            size="compact-xs"
            aria-expanded={isOpen}
            leftSection={
              <IconChevronRight size={14} className={classes.chevron} data-open={isOpen || undefined} />
            }
            onClick={toggle}
          >
            Advanced ({advanced.length})
          </Button>
          <Collapse expanded={isOpen}>
            <Stack gap="sm" pt="xs">
              {isOpen && <Fields {...props} fields={advanced} />}
            </Stack>
          </Collapse>
        </div>
      )}
    </Stack>
  );
}

function Fields({
  fields,
  config,
  issues,
  idPrefix,
  disabled,
  onChange,
  onDone,
}: ArgumentFormProps & { fields: readonly Argument[] }) {
  return fields.map((argument) => (
    <ArgumentField
      key={argument.name}
      id={`${idPrefix}${argument.name}`}
      argument={argument}
      value={config[argument.name]}
      error={findIssue(issues, argument.name)?.message}
      disabled={disabled}
      config={config}
      onChange={(value) => onChange(argument, value)}
      onDone={onDone}
    />
  ));
}

function findIssue(issues: readonly Issue[] | undefined, name: string): Issue | undefined {
  return issues?.find(({ argument }) => argument === name);
}
