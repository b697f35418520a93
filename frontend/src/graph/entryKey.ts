/** How a class is found in the catalogue: by its package and its name together, since `add` is one thing and `Add` another. */

/** The package of the operations of keras.ops. */
export const OPERATIONS = "keras.ops";

export interface Named {
  readonly class_name: string;
  readonly package?: string | null;
}

/** One text for both: `Dense`, `keras.ops:add`. */
export function entryKey({ class_name, package: origin }: Named): string {
  return origin ? `${origin}:${class_name}` : class_name;
}

/** The class as one writes it: `Dense`, `keras.ops.add`. */
export function qualifiedName({ class_name, package: origin }: Named): string {
  return origin ? `${origin}.${class_name}` : class_name;
}
