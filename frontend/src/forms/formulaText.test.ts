import { describe, expect, test } from "vitest";
import { listOffers, type Offer, pointAt, readFault, takeOffer, wordBefore } from "@/forms/formulaText";

const OFFERS: readonly Offer[] = [
  { name: "x", detail: "variable", isFunction: false },
  { name: "mean", detail: "mean(x, axis=None)", isFunction: true },
  { name: "nanmean", detail: "nanmean(x)", isFunction: true },
  { name: "median", detail: "median(x)", isFunction: true },
];
const names = (offers: readonly Offer[]) => offers.map(({ name }) => name);

describe("the word before the cursor", () => {
  test("is the beginning of a name", () => {
    expect(wordBefore("x * me", 6)).toEqual({ start: 4, text: "me" });
    expect(wordBefore("me", 2)).toEqual({ start: 0, text: "me" });
  });
  test("is none inside a word, after a dot, a digit or a quote", () => {
    expect(wordBefore("mean", 2)).toBeNull();
    expect(wordBefore("x.me", 4)).toBeNull();
    expect(wordBefore("1e", 2)).toBeNull();
    expect(wordBefore("cast(x, 'in", 11)).toBeNull();
    expect(wordBefore("x + ", 4)).toBeNull();
  });
});

test("names that begin like the word come before those that hold it", () => {
  expect(names(listOffers({ start: 0, text: "me" }, OFFERS))).toEqual(["mean", "median", "nanmean"]);
  expect(listOffers({ start: 0, text: "x" }, OFFERS)).toEqual([]);
  expect(listOffers(null, OFFERS)).toEqual([]);
});

test("taking a function puts the cursor between its brackets, which are never doubled", () => {
  const mean = OFFERS[1] as Offer;
  expect(takeOffer("x * me", { start: 4, text: "me" }, mean)).toEqual({ text: "x * mean()", caret: 9 });
  expect(takeOffer("me(x)", { start: 0, text: "me" }, mean)).toEqual({ text: "mean(x)", caret: 5 });
  expect(takeOffer("2 * x", { start: 4, text: "x" }, OFFERS[0] as Offer)).toEqual({
    text: "2 * x",
    caret: 5,
  });
});

test("a fault is told without its column, which the caret shows", () => {
  expect(readFault("At column 7: 'os' is not a known name.")).toEqual({
    position: 6,
    message: "'os' is not a known name.",
  });
  expect(readFault("At column 1: this is no formula.").message).toBe("This is no formula.");
  expect(readFault("The formula is empty.")).toEqual({ position: null, message: "The formula is empty." });
});

test("the caret stands under the fault, in its own line", () => {
  expect(pointAt("x + os", 4)).toEqual({ line: "x + os", caret: "    ^" });
  expect(pointAt("x +\n  os", 6)).toEqual({ line: "  os", caret: "  ^" });
});
