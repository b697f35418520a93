/** A field for a formula: names are completed, the variables are listed, and a caret points at the fault. */
import { Code, Combobox, Group, Stack, Text, Textarea, Tooltip, useCombobox } from "@mantine/core";
import { useLayoutEffect, useMemo, useRef, useState } from "react";
import { useCatalogue } from "@/api/catalogue";
import type { Argument, Catalogue } from "@/api/types";
import type { EditorProps } from "@/forms/editors/editorProps";
import classes from "@/forms/Formula.module.css";
import { listOffers, type Offer, pointAt, readFault, takeOffer, wordBefore } from "@/forms/formulaText";

const CONSTANTS = ["pi", "e", "inf", "True", "False", "None"];
const LANGUAGE_HELP =
  "Numbers, these names, + - * / // % ** @, comparisons, and or not, a if c else b, x[:, 0], and the functions of keras.ops.";

export function ExpressionEditor(props: EditorProps) {
  const { id, argument, value, onChange, onDone, error, disabled, config } = props;
  const { data: catalogue } = useCatalogue();
  const variables = listVariables(argument, config);
  const offers = useMemo(() => makeOffers(variables.split(" "), catalogue), [variables, catalogue]);
  const field = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState(0);
  const [wanted, setWanted] = useState<number | null>(null);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const text = typeof value === "string" ? value : "";
  const word = wordBefore(text, caret);
  const found = combobox.dropdownOpened ? listOffers(word, offers) : [];

  // Where an offer was taken the cursor goes to its place, once the field shows the new text.
  useLayoutEffect(() => {
    if (wanted === null) return;
    field.current?.setSelectionRange(wanted, wanted);
    setCaret(wanted);
    setWanted(null);
  }, [wanted]);

  const take = (name: string) => {
    const offer = found.find((one) => one.name === name);
    if (!offer || !word) return;
    const typed = takeOffer(text, word, offer);
    onChange(typed.text);
    setWanted(typed.caret);
    combobox.closeDropdown();
  };

  return (
    <Stack gap={4}>
      <Combobox store={combobox} onOptionSubmit={take} shadow="md" position="bottom-start" withinPortal>
        <Combobox.Target withAriaAttributes={found.length > 0} withKeyboardNavigation={found.length > 0}>
          <Textarea
            ref={field}
            id={id}
            size="xs"
            autosize
            minRows={1}
            maxRows={8}
            classNames={{ input: classes.input }}
            value={text}
            placeholder={typeof argument.default === "string" ? argument.default : "x * sigmoid(x)"}
            error={error !== undefined}
            disabled={disabled}
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="off"
            onSelect={({ currentTarget }) => setCaret(currentTarget.selectionStart)}
            onChange={({ currentTarget }) => {
              onChange(currentTarget.value === "" && !argument.required ? undefined : currentTarget.value);
              setCaret(currentTarget.selectionStart);
              combobox.openDropdown();
              combobox.selectFirstOption();
            }}
            onBlur={() => {
              combobox.closeDropdown();
              onDone();
            }}
          />
        </Combobox.Target>
        <Combobox.Dropdown hidden={found.length === 0}>
          <Combobox.Options>
            {found.map((offer) => (
              <Combobox.Option key={offer.name} value={offer.name} className={classes.offer}>
                <span className={classes.name}>{offer.name}</span>
                <span className={classes.detail}>{offer.detail}</span>
              </Combobox.Option>
            ))}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
      {error !== undefined && <FaultNote text={text} error={error} />}
      <Tooltip label={LANGUAGE_HELP} multiline w={300} openDelay={300} position="bottom-start">
        <Group gap={4} className={classes.variables}>
          <Text span size="xs" c="dimmed">
            Knows
          </Text>
          {variables.split(" ").map((name) => (
            <Code key={name}>{name}</Code>
          ))}
          <Text span size="xs" c="dimmed">
            and {catalogue ? catalogue.functions.length : ""} functions of keras.ops
          </Text>
        </Group>
      </Tooltip>
    </Stack>
  );
}

/** The line at fault with a caret under the place, and below it what is wrong there. */
function FaultNote({ text, error }: { text: string; error: string }) {
  const { position, message } = readFault(error);
  const place = position === null ? null : pointAt(text, position);
  return (
    <div role="alert">
      {place && (
        <pre className={classes.place} aria-hidden>
          {place.line}
          {"\n"}
          <span className={classes.caret}>{place.caret}</span>
        </pre>
      )}
      <Text size="xs" c="var(--mantine-color-error)">
        {place ? message : error}
      </Text>
    </div>
  );
}

/** The variables in one text, so that it is the same as long as they are. */
function listVariables(argument: Argument, config: EditorProps["config"]): string {
  const own = config?.variables;
  const names = argument.variables.length > 0 ? argument.variables : Array.isArray(own) ? own : ["x"];
  return names.filter((name) => typeof name === "string").join(" ");
}

function makeOffers(variables: readonly string[], catalogue: Catalogue | undefined): readonly Offer[] {
  const plain = (detail: string) => (name: string) => ({ name, detail, isFunction: false });
  const functions = catalogue?.functions ?? [];
  return [
    ...variables.map(plain("variable")),
    ...CONSTANTS.map(plain("constant")),
    ...functions.map(({ name, signature }) => ({
      name,
      detail: signature.slice(name.length),
      isFunction: true,
    })),
  ];
}
