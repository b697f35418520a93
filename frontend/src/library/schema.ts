/** What the form needs of a JSON schema, as pydantic writes the options of a kind of data. */

export type OptionKind =
  | { readonly type: "switch" }
  | { readonly type: "choice"; readonly choices: readonly (string | number)[] }
  | {
      readonly type: "number";
      readonly integer: boolean;
      readonly minimum?: number;
      readonly maximum?: number;
    }
  | { readonly type: "text"; readonly longest?: number }
  | { readonly type: "words" }
  | { readonly type: "numbers"; readonly length: number }
  /** The name of a field of the files. */
  | { readonly type: "field" }
  /** For fields of the files the names of others. */
  | { readonly type: "fields" };

export interface Option {
  readonly name: string;
  readonly label: string;
  readonly help: string;
  readonly kind: OptionKind;
  /** Whether leaving it empty lets the server decide. */
  readonly nullable: boolean;
}

type Schema = Readonly<Record<string, unknown>>;

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The options that a form can show, in the schema's order; those of other shapes have an editor of their own. */
export function readOptions(root: Schema): Option[] {
  const properties = isSchema(root.properties) ? root.properties : {};
  return Object.entries(properties).flatMap(([name, property]) => {
    const { schema, nullable } = resolve(root, property);
    const kind = readKind(schema);
    if (kind === null) return [];
    const help = typeof schema.description === "string" ? schema.description : "";
    const label = typeof schema.title === "string" ? sayName(schema.title) : sayName(name);
    return [{ name, label, help, kind, nullable }];
  });
}

/** Follows a reference and takes the one alternative that is not null. */
function resolve(root: Schema, given: unknown): { schema: Schema; nullable: boolean } {
  if (!isSchema(given)) return { schema: {}, nullable: false };
  const [, definition = ""] = /^#\/\$defs\/(.+)$/.exec(String(given.$ref ?? "")) ?? [];
  const definitions = isSchema(root.$defs) ? root.$defs : {};
  const target = definitions[definition];
  if (isSchema(target)) return resolve(root, { ...target, ...without(given, "$ref") });
  const all = [...listOf(given.anyOf), ...listOf(given.allOf)];
  const others = all.filter((one) => !(isSchema(one) && one.type === "null"));
  if (others.length !== 1) return { schema: given, nullable: false };
  const inner = resolve(root, others[0]);
  const nullable = inner.nullable || others.length < all.length;
  return { schema: { ...inner.schema, ...without(given, "anyOf", "allOf") }, nullable };
}

function without(schema: Schema, ...keys: string[]): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !keys.includes(key)));
}

function readKind(schema: Schema): OptionKind | null {
  const choices = "const" in schema ? [schema.const] : listOf(schema.enum);
  const sayable = choices.filter((one) => typeof one === "string" || typeof one === "number");
  if (sayable.length > 0) return { type: "choice", choices: sayable };
  switch (schema.type) {
    case "boolean":
      return { type: "switch" };
    case "integer":
    case "number":
      return { type: "number", integer: schema.type === "integer", ...readBounds(schema) };
    case "string":
      if (isFieldName(schema)) return { type: "field" };
      return typeof schema.maxLength === "number"
        ? { type: "text", longest: schema.maxLength }
        : { type: "text" };
    case "array":
      return readListKind(schema);
    case "object":
      return isFieldName(schema.additionalProperties) ? { type: "fields" } : null;
    default:
      return null;
  }
}

function isFieldName(schema: unknown): boolean {
  return isSchema(schema) && schema.format === "field";
}

function readBounds(schema: Schema): { minimum?: number; maximum?: number } {
  return {
    ...(typeof schema.minimum === "number" && { minimum: schema.minimum }),
    ...(typeof schema.maximum === "number" && { maximum: schema.maximum }),
  };
}

function readListKind(schema: Schema): OptionKind | null {
  const members = listOf(schema.prefixItems);
  const isNumber = (one: unknown) => isSchema(one) && (one.type === "integer" || one.type === "number");
  if (members.length > 0 && members.every(isNumber)) return { type: "numbers", length: members.length };
  return isSchema(schema.items) && schema.items.type === "string" && !("enum" in schema.items)
    ? { type: "words" }
    : null;
}

/** `missing_rows` → `Missing rows`. */
export function sayName(name: string): string {
  const words = name.replaceAll("_", " ").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
