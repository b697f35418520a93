/** What was found in the files, and everything about it that a person may correct. */
import { Loader, Stack, Text } from "@mantine/core";
import type { Definition, FieldSummary, Inspection } from "@/api/ownTypes";
import { DateForm } from "@/library/DateForm";
import { type DateChange, dateChoiceOf, readParts, withDate } from "@/library/dates";
import { FieldTable } from "@/library/FieldTable";
import { NoteList } from "@/library/NoteList";
import { OptionForm } from "@/library/OptionForm";
import { arePictures, RowGallery } from "@/library/RowGallery";
import { RowTable } from "@/library/RowTable";
import { giveRole, keepRoles, type Role, rolesOf } from "@/library/roles";
import { Section } from "@/library/Section";
import { encodingOf, encodingsOf, optionOf, typeOf, typesOf, withEncoding, withType } from "@/library/typing";
import { formatCount } from "@/ui/format/amounts";

const KINDS: Record<Definition["kind"], string> = {
  table: "Table",
  arrays: "Arrays",
  images: "Images",
  texts: "Texts",
};

interface InspectionFormProps {
  inspection: Inspection;
  /** What a person has said so far: everything else is found out anew where that changes. */
  said: Definition | null;
  isLooking: boolean;
  onChange: (said: Definition) => void;
}

export function InspectionForm({ inspection, said, isLooking, onChange }: InspectionFormProps) {
  const { definition, choices, fields, rows, samples, issues = [] } = inspection;
  const chosen = said?.kind === definition.kind ? said.options : {};
  const setOptions = (options: Record<string, unknown>) =>
    onChange({ kind: definition.kind, options, ...keepRoles(definition.kind, said, options) });
  const changeOption = (name: string, value: unknown) => {
    const { [name]: _, ...others } = chosen;
    setOptions(value === undefined ? others : { ...others, [name]: value });
  };
  const changeRole = (field: FieldSummary, role: Role) =>
    onChange({ ...giveRole(definition, field, role), options: chosen });
  // What becomes of a column says in which array it is, and changes nothing about the others.
  const changeEncoding = (field: FieldSummary, encode: string) => {
    const settled = withEncoding(definition, definition.options ?? {}, field, encode);
    const options = withEncoding(definition, chosen ?? {}, field, encode);
    onChange({ ...giveRole({ ...definition, options: settled }, field, "input"), options });
  };
  // How a date is read and what becomes of it changes nothing about which fields are used.
  const changeDate = (field: FieldSummary, changed: DateChange) =>
    onChange({ ...definition, options: withDate(chosen ?? {}, field, changed) });
  const dates = fields.flatMap((field) => {
    const choice = dateChoiceOf(definition, field);
    return choice === null ? [] : [{ field, choice }];
  });
  const facts = [
    KINDS[definition.kind],
    samples === null ? "samples not counted yet" : formatCount(samples, "sample"),
    formatCount(fields.length, "field"),
  ];
  const aside = isLooking ? (
    <Loader size="xs" aria-label="Looking at the files" />
  ) : (
    <Text size="sm" c="dimmed">
      {facts.join(" · ")}
    </Text>
  );
  return (
    <>
      <Section title="How to read them" aside={aside}>
        <Stack>
          {/* An error that an option would mend stands here too: its hint has no room at the field. */}
          <NoteList
            notes={issues.filter(
              (one) => one.severity === "error" || ["columns", null].includes(optionOf(one)),
            )}
          />
          <OptionForm
            choices={choices}
            // While the files are looked at what was said counts already: of two quick changes neither is lost.
            options={isLooking ? { ...definition.options, ...chosen } : (definition.options ?? {})}
            issues={issues}
            fields={{ all: fields, used: [...rolesOf(definition).keys()] }}
            onChange={changeOption}
          />
        </Stack>
      </Section>
      {rows.length > 0 &&
        (arePictures(rows) ? (
          <Section title="Some pictures" aside={<PictureNote />}>
            <RowGallery rows={rows} />
          </Section>
        ) : (
          <Section title="First rows">
            <RowTable rows={rows} fields={fields} />
          </Section>
        ))}
      {fields.length > 0 && (
        <Section title="Inputs and targets" aside={<ArrayNote definition={definition} />}>
          <FieldTable
            fields={fields}
            choosing={{
              roles: rolesOf(definition),
              allowsBoth: definition.options?.series === true,
              onRole: changeRole,
              types: (field) => typesOf(definition.kind, field),
              type: (field) => typeOf(definition, field),
              onType: (field, type) => setOptions(withType(definition.kind, chosen, field, type)),
              encodings: (field) => encodingsOf(definition, field),
              encoding: (field) => encodingOf(definition, field),
              onEncoding: changeEncoding,
            }}
          />
        </Section>
      )}
      {dates.length > 0 && (
        <Section title="Dates">
          <DateForm
            dates={dates}
            parts={readParts(choices)}
            onParts={(field, parts) => changeDate(field, { parts })}
            onFormat={(field, format) => changeDate(field, { format })}
          />
        </Section>
      )}
    </>
  );
}

function PictureNote() {
  return (
    <Text size="sm" c="dimmed">
      as the model will see them
    </Text>
  );
}

function ArrayNote({ definition: { inputs, targets, options } }: { definition: Definition }) {
  const test = Object.values(options.test ?? {});
  const names = (plans: typeof inputs) => plans.map(({ name }) => name).join(", ") || "nothing yet";
  return (
    <Text size="sm" c="dimmed">
      {`Model gets ${names(inputs)} and learns ${names(targets)}${test.length > 0 ? `; tested on ${test.join(", ")}` : ""}`}
    </Text>
  );
}
