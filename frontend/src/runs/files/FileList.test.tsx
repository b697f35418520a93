import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { RunFile, RunFiles } from "@/api/runFiles";
import { FileList } from "@/runs/files/FileList";
import { groupFiles } from "@/runs/files/groupFiles";
import { makeRun, TIME } from "@/stores/runs/exampleRun";

const LATER = "2026-01-02T00:00:00Z";

function makeFile(path: string, size = 1, changed_at = TIME): RunFile {
  return { path, size, changed_at, url: `/api/runs/r1/files/${path}` };
}

function showFiles(items: RunFile[], total = items.length): void {
  const body: RunFiles = { items, total, total_size: 2048, archive_url: "/api/runs/r1/archive" };
  vi.stubGlobal(
    "fetch",
    async () => new Response(JSON.stringify(body), { headers: { "Content-Type": "application/json" } }),
  );
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MantineProvider env="test">
        <FileList run={makeRun({ status: "finished" })} />
      </MantineProvider>
    </QueryClientProvider>,
  );
}

afterEach(() => vi.unstubAllGlobals());

describe("FileList", () => {
  it("says so where a run has written nothing", async () => {
    showFiles([]);
    expect(await screen.findByText(/None\. Callbacks such as CSVLogger/)).toBeDefined();
    expect(screen.queryByRole("table")).toBeNull();
  });

  it("offers each file, a folder as an archive, and everything together", async () => {
    showFiles([
      makeFile("history.csv", 2000),
      makeFile("tb/train/events", 1),
      makeFile("tb/validation/events", 1),
    ]);
    const hrefOf = (name: string) => screen.getByRole("link", { name }).getAttribute("href");
    expect((await screen.findByText("All 3 as .zip (2.05 kB)")).closest("a")?.getAttribute("href")).toBe(
      "/api/runs/r1/archive",
    );
    expect(hrefOf("Download history.csv")).toBe("/api/runs/r1/files/history.csv");
    expect(hrefOf("Download tb")).toBe("/api/runs/r1/archive?folder=tb");
    expect(screen.queryByText("train/events")).toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "Files of the folder tb" }));
    expect(hrefOf("Download tb/train/events")).toBe("/api/runs/r1/files/tb/train/events");
  });

  it("tells how many are not listed", async () => {
    showFiles([makeFile("a"), makeFile("b")], 1002);
    expect(await screen.findByText("1,000 more files are in the archive only")).toBeDefined();
  });
});

describe("groupFiles", () => {
  it("adds up what is in a folder, at any depth", () => {
    const { folders, files } = groupFiles([
      makeFile("a/x", 2),
      makeFile("a/y/z", 3, LATER),
      makeFile("b", 4),
    ]);
    expect(
      folders.map(({ name, size, changed_at, files: inside }) => [name, size, changed_at, inside.length]),
    ).toEqual([["a", 5, LATER, 2]]);
    expect(files.map((file) => file.path)).toEqual(["b"]);
  });
});
