/** One export at a time: asked for, waited for, broken off, or refused with reasons. */
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { type ExportFormat, exportModel } from "@/api/exports";
import { toProblem } from "@/api/problem";
import type { ExportChoice, ExportChoices, Issue } from "@/api/types";
import type { Refusal } from "@/drawing/ExportProblem";
import { saveNow } from "@/stores/editor/autosave";
import { notifySuccess } from "@/ui/notifications";
import { saveFile } from "@/ui/saveFile";

export interface ExportState {
  /** The format that is being written; null while none is. */
  readonly pending: ExportChoice | null;
  readonly refusal: Refusal | null;
  choose(choice: ExportChoice, choices: ExportChoices): void;
  refuse(error: unknown): void;
  cancel(): void;
  dismiss(): void;
}

function isAborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

export function useExport(modelId: string): ExportState {
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const aborter = useRef<AbortController | null>(null);
  const refuse = (error: unknown, title = "The model could not be exported") => {
    if (isAborted(error)) return;
    const { detail, issues } = toProblem(error);
    setRefusal({ title, detail, issues });
  };
  const download = useMutation({
    mutationFn: async ({ choice, weights }: { choice: ExportChoice; weights: "model" | "new" }) => {
      const controller = new AbortController();
      aborter.current = controller;
      await saveNow();
      // The server lists formats by the names that it takes.
      const format = choice.name as ExportFormat;
      return exportModel(modelId, format, { weights, signal: controller.signal });
    },
    onSuccess: ({ blob, filename }) => {
      saveFile(blob, filename);
      notifySuccess(`Saved ${filename}.`);
    },
    onError: (error, { choice }) => refuse(error, describeRefusal(choice)),
  });
  return {
    pending: download.isPending ? download.variables.choice : null,
    refusal,
    choose(choice, choices) {
      const issues: readonly Issue[] = choices.issues.length > 0 ? choices.issues : choice.obstacles;
      if (issues.length > 0) setRefusal({ title: describeRefusal(choice), detail: "", issues });
      else download.mutate({ choice, weights: choices.weights_issues.length > 0 ? "new" : "model" });
    },
    refuse,
    cancel: () => aborter.current?.abort(),
    dismiss: () => setRefusal(null),
  };
}

function describeRefusal(choice: ExportChoice): string {
  return `The model could not be exported as ${choice.title}`;
}
