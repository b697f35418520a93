/** The arguments of a data set as those of the catalogue, so that the same fields show them. */
import type { Argument, ArgumentKind, DatasetSummary } from "@/api/types";

/** What a JSON schema says about a property, as far as a field can show it. */
interface Property {
  type?: string;
  enum?: Argument["choices"];
  anyOf?: Property[];
  default?: Argument["default"];
  description?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
}

const KINDS: Readonly<Record<string, ArgumentKind>> = {
  integer: "integer",
  number: "float",
  string: "string",
  boolean: "boolean",
};

/** In the order in which the data set has them. Empty where it takes none. */
export function listArguments(dataset: DatasetSummary): Argument[] {
  const properties = dataset.arguments_schema.properties ?? {};
  return Object.entries(properties as Record<string, Property>).map(([name, property]) =>
    toArgument(name, property),
  );
}

function toArgument(name: string, property: Property): Argument {
  const forms = property.anyOf ?? [property];
  const form = forms.find(({ type }) => type !== "null") ?? property;
  const exclusive = { minimum: form.exclusiveMinimum, maximum: form.exclusiveMaximum };
  return {
    name,
    kinds: [form.enum ? "choice" : (KINDS[form.type ?? ""] ?? "json")],
    required: !("default" in property),
    nullable: forms.some(({ type }) => type === "null"),
    default: property.default ?? null,
    choices: form.enum ?? [],
    items: [],
    items_nullable: false,
    lengths: [],
    minimum: exclusive.minimum ?? form.minimum ?? null,
    maximum: exclusive.maximum ?? form.maximum ?? null,
    exclusive_minimum: exclusive.minimum !== undefined,
    exclusive_maximum: exclusive.maximum !== undefined,
    variables: [],
    help: property.description ?? "",
  };
}

/** The arguments with one set anew; `undefined` takes it out, and the data set's default holds. */
export function setArgument(
  present: Readonly<Record<string, unknown>>,
  name: string,
  value: unknown,
): Record<string, unknown> {
  const { [name]: _, ...others } = present;
  return value === undefined ? others : { ...others, [name]: value };
}
