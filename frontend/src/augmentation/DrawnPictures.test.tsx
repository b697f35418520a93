import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import type { Augmentation } from "@/api/augmentation";
import type { Preview, PreviewArray } from "@/api/preview";
import { queryClient } from "@/api/queryClient";
import { DrawnPictures } from "@/augmentation/DrawnPictures";
import { EMPTY_GRAPH } from "@/graph/document";

const DATA = { dataset: "pets", arguments: {}, steps: [] };

function picture(name: string): PreviewArray {
  return {
    shape: [48, 64, 3],
    dtype: "uint8",
    minimum: 0,
    maximum: 255,
    picture: `data:image/png;base64,${name}`,
  };
}

function answerWith(draws: number, draw_targets: string[] = []) {
  const asked: { example: number | null; seed: number; count: number }[] = [];
  const fetched = vi.spyOn(globalThis, "fetch").mockImplementation(async (request) => {
    const body = await (request as Request).json();
    asked.push(body);
    const step = { layer: "x", class_name: "X", preparing: true, random: draws > 0 };
    const preview: Preview = {
      dataset: "pets",
      samples: 40,
      example: body.example ?? 7,
      target: "dogs",
      steps: [
        { ...step, node: "image", sources: [], output: picture("before") },
        { ...step, node: "flip", sources: ["image"], output: picture("after") },
      ],
      draws: Array.from({ length: draws }, (_, place) => picture(`draw${place}`)),
      draw_targets,
      left_out: [],
      remarks: [],
    };
    return new Response(JSON.stringify(preview), { headers: { "Content-Type": "application/json" } });
  });
  return { asked, fetched };
}

function show(data: typeof DATA | null) {
  const augmented: Augmentation = {
    graph: { ...EMPTY_GRAPH },
    node: "image",
    arguments: {},
    nodes: ["flip"],
    last: "flip",
    remarks: [],
  };
  render(
    <MantineProvider>
      <QueryClientProvider client={queryClient}>
        <DrawnPictures augmented={augmented} data={data} isCurrent />
      </QueryClientProvider>
    </MantineProvider>,
  );
}

afterEach(() => {
  vi.restoreAllMocks();
  queryClient.clear();
});

it("shows nine draws of an example, and asks for another one", async () => {
  const { asked } = answerWith(9);
  show(DATA);
  expect(await screen.findByText("Example 7 of 40: dogs")).toBeDefined();
  expect(screen.getAllByRole("img", { name: /^Draw \d$/ })).toHaveLength(9);
  fireEvent.click(screen.getByRole("button", { name: "Another example" }));
  await waitFor(() => expect(asked).toHaveLength(2));
  expect(asked[0]).toMatchObject({ example: null, seed: 0, count: 9, node: "flip" });
  expect(asked[1]?.example).not.toBe(7);
  fireEvent.click(screen.getByRole("button", { name: "Draw again" }));
  await waitFor(() => expect(asked.at(-1)?.seed).toBe(1));
});

it("says what to try while nothing is drawn, and what is missing without data", async () => {
  answerWith(0);
  show(DATA);
  expect(await screen.findByText(/Nothing is drawn at random yet/)).toBeDefined();
  show(null);
  expect(screen.getByText(/Choose a data set of images/)).toBeDefined();
});

it("says below each draw what is in it where layers mix samples", async () => {
  answerWith(2, ["cats (70 %), dogs (30 %)", "dogs"]);
  show(DATA);
  const draws = await screen.findByRole("list", { name: "Augmented pictures" });
  expect([...draws.children].map((one) => one.textContent)).toEqual([
    "cats (70\u00a0%), dogs (30\u00a0%)",
    "dogs",
  ]);
});
