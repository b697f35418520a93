/** One argument: its name, help, way back to the default, and the editor that fits its kinds and value. */
import { ActionIcon, Group, Menu, Tooltip } from "@mantine/core";
import { IconArrowBackUp, IconHelpCircle, IconSwitchHorizontal } from "@tabler/icons-react";
import { type ComponentType, useState } from "react";
import { ChoiceEditor } from "@/forms/editors/ChoiceEditor";
import { ExpressionEditor } from "@/forms/editors/ExpressionEditor";
import type { EditorProps } from "@/forms/editors/editorProps";
import { JsonEditor } from "@/forms/editors/JsonEditor";
import { LiteralEditor } from "@/forms/editors/LiteralEditor";
import { ObjectEditor } from "@/forms/editors/ObjectEditor";
import { SwitchEditor } from "@/forms/editors/SwitchEditor";
import { TextEditor } from "@/forms/editors/TextEditor";
import { WordsEditor } from "@/forms/editors/WordsEditor";
import classes from "@/forms/Forms.module.css";
import { type Family, familiesOf, pickFamily } from "@/forms/families";
import { toPython } from "@/graph/pythonText";

const EDITORS: Readonly<Record<Family, ComponentType<EditorProps>>> = {
  literal: LiteralEditor,
  text: TextEditor,
  expression: ExpressionEditor,
  choice: ChoiceEditor,
  words: WordsEditor,
  switch: SwitchEditor,
  object: ObjectEditor,
  json: JsonEditor,
};

const FAMILY_NAMES: Readonly<Record<Family, string>> = {
  literal: "Number or tuple",
  text: "Text",
  expression: "Formula",
  choice: "Choice",
  words: "Words",
  switch: "On or off",
  object: "Object",
  json: "JSON",
};

export function ArgumentField(props: EditorProps) {
  const { id, argument, value, onChange, onDone } = props;
  const [chosen, setChosen] = useState<Family | null>(null);
  const families = familiesOf(argument);
  const fitting = pickFamily(argument, value);
  const family = chosen && (value === undefined || value === null) ? chosen : fitting;
  const Editor = EDITORS[family];
  return (
    <div className={classes.field} data-inline={family === "switch" || undefined}>
      <Group gap={2} wrap="nowrap" className={classes.fieldHead}>
        <label htmlFor={id} className={classes.label} data-required={argument.required || undefined}>
          {argument.name}
        </label>
        {argument.help && <HelpIcon name={argument.name} help={argument.help} />}
        <span className={classes.fill} />
        {families.length > 1 && (
          <FamilyMenu
            name={argument.name}
            families={families}
            onPick={(next) => {
              setChosen(next);
              onChange(undefined);
            }}
          />
        )}
        {value !== undefined && !argument.required && (
          <Tooltip label={`Back to the default: ${toPython(argument.default ?? null)}`}>
            <ActionIcon
              size={18}
              variant="subtle"
              color="gray"
              aria-label={`Reset ${argument.name} to its default`}
              onClick={() => {
                onChange(undefined);
                onDone();
              }}
            >
              <IconArrowBackUp size={14} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )}
      </Group>
      <Editor key={family} {...props} />
    </div>
  );
}

/** Tab goes from field to field; a screen reader finds the help between them. */
function HelpIcon({ name, help }: { name: string; help: string }) {
  return (
    <Tooltip label={help} events={{ hover: true, focus: false, touch: true }} openDelay={150}>
      <ActionIcon
        size={18}
        variant="transparent"
        color="gray"
        tabIndex={-1}
        aria-label={`Help for ${name}: ${help}`}
      >
        <IconHelpCircle size={14} aria-hidden className={classes.help} />
      </ActionIcon>
    </Tooltip>
  );
}

interface FamilyMenuProps {
  name: string;
  families: readonly Family[];
  onPick: (family: Family) => void;
}

function FamilyMenu({ name, families, onPick }: FamilyMenuProps) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon size={18} variant="subtle" color="gray" aria-label={`Other kind of value for ${name}`}>
          <IconSwitchHorizontal size={13} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {families.map((family) => (
          <Menu.Item key={family} onClick={() => onPick(family)}>
            {FAMILY_NAMES[family]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
