/** The names of Keras's arguments as a person reads them. */

/** `show_layer_names` becomes `Show layer names`. */
export function toLabel(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
