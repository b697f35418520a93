/** The text of a formula: the word at the cursor, what it may become, and where the server found a fault. */

export interface Offer {
  readonly name: string;
  /** What stands beside the name: how a function is called, or what a name is. */
  readonly detail: string;
  readonly isFunction: boolean;
}

export interface Word {
  readonly start: number;
  readonly text: string;
}

export interface Typed {
  readonly text: string;
  readonly caret: number;
}

export interface Fault {
  /** Counts the characters before the fault; null where the whole formula is at fault. */
  readonly position: number | null;
  readonly message: string;
}

const MOST_OFFERS = 8;
const PLACE = /^At column (\d+): /;

/** The beginning of a name that ends at the cursor; null in the midst of a word, after a digit, and after a dot. */
export function wordBefore(text: string, caret: number): Word | null {
  if (/^\w/.test(text.slice(caret))) return null;
  const found = /(?<![\w.'"])[A-Za-z_]\w*$/.exec(text.slice(0, caret));
  return found ? { start: found.index, text: found[0] } : null;
}

/** What a word may become, beginnings before the rest; nothing where it is whole already and nothing else begins so. */
export function listOffers(word: Word | null, offers: readonly Offer[]): readonly Offer[] {
  if (!word) return [];
  const wanted = word.text.toLowerCase();
  const starting = offers.filter(({ name }) => name.toLowerCase().startsWith(wanted));
  const holding = offers.filter(({ name }) => name.toLowerCase().indexOf(wanted) > 0);
  const found = [...starting, ...(wanted.length > 1 ? holding : [])].slice(0, MOST_OFFERS);
  return found.length === 1 && found[0]?.name === word.text ? [] : found;
}

/** The text with an offer taken: the cursor then stands inside the brackets of a function. */
export function takeOffer(text: string, word: Word, offer: Offer): Typed {
  const before = text.slice(0, word.start) + offer.name;
  const after = text.slice(word.start + word.text.length);
  if (!offer.isFunction) return { text: before + after, caret: before.length };
  const brackets = after.startsWith("(") ? "" : "()";
  return { text: before + brackets + after, caret: before.length + 1 };
}

/** A fault as the server tells it, taken apart. */
export function readFault(error: string): Fault {
  const found = PLACE.exec(error);
  if (!found) return { position: null, message: error };
  const message = error.slice(found[0].length);
  return { position: Number(found[1]) - 1, message: message.charAt(0).toUpperCase() + message.slice(1) };
}

/** The line that a fault stands in, and a caret under its place. */
export function pointAt(text: string, position: number): { line: string; caret: string } {
  const start = text.lastIndexOf("\n", position - 1) + 1;
  const end = text.indexOf("\n", start);
  return {
    line: text.slice(start, end < 0 ? undefined : end),
    caret: `${" ".repeat(Math.max(0, position - start))}^`,
  };
}
