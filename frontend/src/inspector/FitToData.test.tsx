import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { DraftPublic, Issue } from "@/api/types";
import { EMPTY_GRAPH } from "@/graph/document";
import { FitToData } from "@/inspector/FitToData";
import { closeDraft, currentDocument, openDraft, undo } from "@/stores/editor/editorStore";

const WARNING = { code: "not_fitted_yet", message: "…", severity: "warning" } as Issue;
const CHANGES = [
  { op: "test", path: "/graph/layers/0/id", value: "scaled" },
  { op: "add", path: "/graph/layers/0/config", value: { mean: [1], variance: [2] } },
];
const TRAINING = {
  compile: { loss: "mse" },
  data: { dataset: "wine", arguments: {} },
  fit: { validation_split: 0.25 },
};

const sent: unknown[] = [];

function show(issues: Issue[], answer: { status: number; body: unknown }) {
  sent.length = 0;
  vi.stubGlobal("fetch", async (request: Request) => {
    const isModel = request.method === "GET";
    if (!isModel) sent.push(JSON.parse(await request.clone().text()));
    const [status, body] = isModel ? [200, { id: "m", training: TRAINING }] : [answer.status, answer.body];
    return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
  });
  openDraft("m", {
    graph: {
      ...EMPTY_GRAPH,
      layers: [{ id: "scaled", class_name: "Normalization", config: {}, trainable: true }],
      nodes: [{ id: "n", layer: "scaled", arguments: {} }],
    },
    layout: { positions: { n: { x: 0, y: 0 } }, nested: {} },
    revision: 1,
    hash: "h",
  } as DraftPublic);
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
        <FitToData issues={issues} />
      </QueryClientProvider>
    </MantineProvider>,
  );
}

afterEach(() => {
  vi.unstubAllGlobals();
  closeDraft();
});

async function press() {
  const button = await screen.findByRole("button", { name: "Fit to the data" });
  await waitFor(() => expect((button as HTMLButtonElement).disabled).toBe(false));
  fireEvent.click(button);
}

describe("FitToData", () => {
  it("puts what was learned from the training samples into the drawing, in one step for undo", async () => {
    show([WARNING], {
      status: 200,
      body: { changes: CHANGES, learned: ["scaled: mean of 1"], samples: 100 },
    });
    await press();
    await waitFor(() =>
      expect(currentDocument().graph.layers?.[0]?.config).toEqual({ mean: [1], variance: [2] }),
    );
    expect(sent[0]).toMatchObject({ data: TRAINING.data, validation_split: 0.25 });
    undo();
    expect(currentDocument().graph.layers?.[0]?.config).toEqual({});
  });

  it("says why a layer cannot be fitted", async () => {
    const detail = "It stands behind 'dense', whose weights are only known once the model is trained.";
    show([WARNING], {
      status: 422,
      body: { type: "about:blank", title: "Cannot adapt", detail, status: 422 },
    });
    await press();
    expect(await screen.findByText(detail)).toBeDefined();
  });

  it("is not there for a layer that knows what it needs", () => {
    show([], { status: 200, body: {} });
    expect(screen.queryByRole("button")).toBeNull();
  });
});
