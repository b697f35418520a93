/** Which fields a model is fed with and which it shall tell: changing that in a definition. */
import type { ArrayPlan, Definition, FieldSummary, Inspection } from "@/api/ownTypes";
import { isRaw } from "@/library/typing";

/** `both`: the past of a series, and what comes next in it. */
export type Role = "input" | "target" | "both" | "none";

const FEATURES = "features";
const LONGEST_NAME = 100;

export function rolesOf({ inputs = [], targets = [] }: Definition): ReadonlyMap<string, Role> {
  const fed = new Set(inputs.flatMap(({ fields }) => fields));
  const learned = targets.flatMap(({ fields }) => fields);
  const pairs = [...fed].map((field): [string, Role] => [field, "input"]);
  return new Map([
    ...pairs,
    ...learned.map((field): [string, Role] => [field, fed.has(field) ? "both" : "target"]),
  ]);
}

/** The definition with a field in another role. Columns of a table stand side by side in one array of inputs, but raw ones. */
export function giveRole(definition: Definition, field: FieldSummary, role: Role): Definition {
  const inputs = takeOut(definition.inputs ?? [], field.name);
  const targets = takeOut(definition.targets ?? [], field.name);
  const cleared = { ...definition, inputs, targets };
  if (role === "none") return cleared;
  if (role === "both") {
    const fed = giveRole(definition, field, "input");
    return { ...fed, targets: [...targets, { name: nameArray(field.name, fed), fields: [field.name] }] };
  }
  const own = { name: nameArray(field.name, cleared), fields: [field.name] };
  if (role === "target") return { ...cleared, targets: [...targets, own] };
  if (definition.kind !== "table" || isRaw(definition, field.name)) {
    return { ...cleared, inputs: [...inputs, own] };
  }
  const shared = inputs.find(({ fields }) => !fields.some((name) => isRaw(definition, name)));
  if (!shared) {
    return { ...cleared, inputs: [...inputs, { name: nameArray(FEATURES, cleared), fields: [field.name] }] };
  }
  const widened = { ...shared, fields: [...shared.fields, field.name] };
  return { ...cleared, inputs: inputs.map((plan) => (plan === shared ? widened : plan)) };
}

/**
 * The inputs and targets that a person has said and that stay when options change. In a table or a folder other options
 * may mean other fields, so that all are proposed anew; of arrays only those go that have the samples for the test.
 */
export function keepRoles(
  kind: Definition["kind"],
  said: Definition | null,
  options: Readonly<Record<string, unknown>>,
): Pick<Definition, "inputs" | "targets"> {
  if (kind !== "arrays" || said?.kind !== kind) return { inputs: [], targets: [] };
  const test = Object.values(options.test ?? {});
  const keep = (plans: readonly ArrayPlan[]) => test.reduce<ArrayPlan[]>(takeOut, [...plans]);
  return { inputs: keep(said.inputs ?? []), targets: keep(said.targets ?? []) };
}

function takeOut(plans: readonly ArrayPlan[], field: string): ArrayPlan[] {
  return plans
    .map((plan) => ({ ...plan, fields: plan.fields.filter((name) => name !== field) }))
    .filter(({ fields }) => fields.length > 0);
}

/** A name that the server takes (Latin letters, digits, `_`, `.`, `-`) and that no other array has. */
export function nameArray(field: string, { inputs = [], targets = [] }: Definition): string {
  const plain = field
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .replace(/[^A-Za-z0-9_.-]+/g, "_")
    .replace(/^_+|_+$/g, "");
  const wanted = (/^[A-Za-z_]/.test(plain) ? plain : `field_${plain}`).slice(0, LONGEST_NAME - 4) || FEATURES;
  const taken = new Set([...inputs, ...targets].map(({ name }) => name));
  let name = wanted;
  for (let number = 2; taken.has(name); number += 1) name = `${wanted}_${number}`;
  return name;
}

/** What the server is asked: arrays only once there are inputs and targets, since it proposes those that are not said. */
export function askFor(said: Definition): Definition {
  return explainNotReady(said) === null ? said : { ...said, inputs: [], targets: [] };
}

/** What was found, with the inputs and targets that a person has chosen, also while there are not enough of them. */
export function arrange(found: Inspection, said: Definition | null): Inspection {
  if (said === null || said.inputs.length + said.targets.length === 0) return found;
  return { ...found, definition: { ...found.definition, inputs: said.inputs, targets: said.targets } };
}

/** Why this cannot be prepared yet, in a sentence; null where it can. */
export function explainNotReady(definition: Definition): string | null {
  if ((definition.inputs ?? []).length === 0) return "Choose at least one field as an input.";
  if ((definition.targets ?? []).length === 0) return "Choose a field as the target.";
  return null;
}

/** A title for a data set after its first file: its name without what says the format. */
export function proposeTitle(filename: string): string {
  return filename.replace(/(\.(csv|tsv|tab|txt|parquet|npz|npy|h5|hdf5|zip|gz|bz2|zst))+$/i, "") || filename;
}

/** A name for a data set after its first file: `Häuser 2024.csv` → `hauser-2024`. */
export function proposeName(filename: string, taken: readonly string[]): string {
  const plain = proposeTitle(filename)
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, "-")
    .replace(/^[-_]+|-+$/g, "")
    .slice(0, 56);
  const wanted = plain || "my-data";
  let name = wanted;
  for (let number = 2; taken.includes(name); number += 1) name = `${wanted}-${number}`;
  return name;
}

const NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;

/** What is wrong with a data set's name, in a sentence; null where it can be taken. */
export function explainName(name: string, taken: readonly string[]): string | null {
  if (name === "") return "Give it a name: training settings refer to the data by it.";
  if (!NAME.test(name)) {
    return "Small letters, digits, - and _ only, 63 at most, beginning with a letter or a digit.";
  }
  return taken.includes(name) ? `There is a data set ${name} already.` : null;
}
