import { expect, it } from "vitest";
import { readConfig } from "@/home/importing/readConfig";

const CONFIG = { class_name: "Sequential", config: { name: "x", layers: [] } };

it("reads the JSON of a model, and the string that holds it", () => {
  expect(readConfig(JSON.stringify(CONFIG))).toEqual({ ok: true, config: CONFIG });
  expect(readConfig(JSON.stringify(JSON.stringify(CONFIG)))).toEqual({ ok: true, config: CONFIG });
});

it("says what is wrong with anything else", () => {
  expect(readConfig("3")).toMatchObject({
    ok: false,
    message: expect.stringContaining("Expected an object"),
  });
  expect(readConfig("{")).toMatchObject({ ok: false, message: expect.stringContaining("not JSON") });
});
