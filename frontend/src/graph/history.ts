/** Undo and redo: the states before and after the present one. One step per gesture. */

export interface History<State> {
  readonly past: readonly State[];
  readonly present: State;
  readonly future: readonly State[];
  /** The gesture that made the present state; the next change of the same gesture joins its step. */
  readonly gesture: string | null;
}

export const MAX_STEPS = 300;

export function startHistory<State>(present: State): History<State> {
  return { past: [], present, future: [], gesture: null };
}

/** Makes `next` the present. Changes in a row with the same `gesture` (typing into one field) are one step. */
export function recordStep<State>(
  history: History<State>,
  next: State,
  gesture: string | null = null,
): History<State> {
  if (next === history.present) return history;
  const joins = gesture !== null && gesture === history.gesture && history.past.length > 0;
  const past = joins ? history.past : [...history.past, history.present].slice(-MAX_STEPS);
  return { past, present: next, future: [], gesture };
}

/** Ends the gesture: what comes next is a step of its own. */
export function endGesture<State>(history: History<State>): History<State> {
  return history.gesture === null ? history : { ...history, gesture: null };
}

export function undoStep<State>(history: History<State>): History<State> {
  const previous = history.past.at(-1);
  if (previous === undefined) return history;
  return {
    past: history.past.slice(0, -1),
    present: previous,
    future: [history.present, ...history.future],
    gesture: null,
  };
}

export function redoStep<State>(history: History<State>): History<State> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future, gesture: null };
}
