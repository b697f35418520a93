import { MantineProvider } from "@mantine/core";
import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { RunEvent } from "@/api/events";
import type { RunPublic } from "@/api/types";
import { ControlBar } from "@/runs/control/ControlBar";
import { applyEvent } from "@/stores/runs/applyEvent";
import { makeRun, makeSnapshot, TIME } from "@/stores/runs/exampleRun";
import { useRunsStore } from "@/stores/runs/runsStore";
import { fromSnapshot, type LiveRun } from "@/stores/runs/state";

/** The requests of the page, answered like this. */
function answerWith(
  status: number,
  body: unknown,
): { calls: { method: string; path: string; body: unknown }[] } {
  const calls: { method: string; path: string; body: unknown }[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const text = await request.clone().text();
    const path = new URL(request.url).pathname;
    calls.push({ method: request.method, path, body: text === "" ? null : JSON.parse(text) });
    return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
  });
  return { calls };
}

function showRun(changes: Partial<RunPublic>): LiveRun {
  const run = makeRun(changes);
  const live = fromSnapshot(makeSnapshot({ run }));
  useRunsStore.setState({ followed: { [run.id]: { phase: "ready", run: live } } });
  render(
    <MantineProvider env="test">
      <ControlBar run={run} />
    </MantineProvider>,
  );
  return live;
}

function report(live: LiveRun, event: RunEvent): void {
  act(() => {
    useRunsStore.setState({ followed: { r1: { phase: "ready", run: applyEvent(live, event) } } });
  });
}

afterEach(() => {
  vi.unstubAllGlobals();
  useRunsStore.setState({ followed: {} });
});

describe("ControlBar", () => {
  it("says that a pause is under way until the run's events tell that it took effect", async () => {
    const { calls } = answerWith(202, makeRun());
    const live = showRun({ status: "running" });
    fireEvent.click(screen.getByRole("button", { name: "Pause" }));
    expect(screen.getByRole("button", { name: "Pausing…" }).getAttribute("aria-busy")).toBe("true");
    await waitFor(() => expect(calls).toEqual([{ method: "POST", path: "/api/runs/r1/pause", body: null }]));
    expect(screen.getByRole("button", { name: "Pausing…" })).toBeDefined();
    report(live, { type: "status", seq: 1, time: TIME, status: "paused", reason: null });
    expect(screen.getByRole("button", { name: "Resume" })).toBeDefined();
  });

  it("sends a learning rate on Enter, and not what is none", async () => {
    const { calls } = answerWith(200, makeRun());
    showRun({ status: "running" });
    const field = screen.getByRole("textbox", { name: "Learning rate" });
    fireEvent.change(field, { target: { value: "-1" } });
    fireEvent.keyDown(field, { key: "Enter" });
    expect(field.getAttribute("aria-description")).toBe("Expected a number above 0.");
    fireEvent.change(field, { target: { value: "1e-4" } });
    fireEvent.keyDown(field, { key: "Enter" });
    await waitFor(() =>
      expect(calls).toEqual([{ method: "PATCH", path: "/api/runs/r1", body: { learning_rate: 1e-4 } }]),
    );
  });

  it("shows what the server refuses in its words, and lets one try again", async () => {
    const detail = "Run 'r1' is finished already; expected one that waits or trains.";
    answerWith(409, { type: "/problems/conflict", title: "Conflict", status: 409, detail, issues: [] });
    showRun({ status: "running" });
    fireEvent.click(screen.getByRole("button", { name: "Save checkpoint" }));
    await waitFor(() => expect(screen.getByRole("alert").textContent).toContain(detail));
    expect(screen.getByRole("button", { name: "Save checkpoint" }).getAttribute("aria-busy")).toBeNull();
  });

  it("tells the keyboard too why something cannot be pressed", () => {
    const { calls } = answerWith(202, makeRun());
    showRun({ status: "failed", can_resume: false });
    const resume = screen.getByRole("button", { name: "Resume" });
    expect(resume.getAttribute("aria-disabled")).toBe("true");
    expect(resume.getAttribute("aria-description")).toContain("no checkpoint");
    fireEvent.click(resume);
    expect(calls).toEqual([]);
  });

  it("trains a finished run on", async () => {
    const { calls } = answerWith(200, makeRun());
    showRun({ status: "finished", can_resume: true, epochs: 3 });
    fireEvent.click(screen.getByRole("button", { name: "Train on" }));
    fireEvent.click(await screen.findByRole("button", { name: "Train on for 3 epochs" }));
    await waitFor(() =>
      expect(calls).toEqual([{ method: "PATCH", path: "/api/runs/r1", body: { epochs: 6 } }]),
    );
  });
});
