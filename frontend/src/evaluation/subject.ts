/** What is evaluated and asked: a run's checkpoint, or a model with its stored weights. */
import type { PredictBody } from "@/api/evaluation";
import type { RunConfig, RunEvaluation, RunPredictions, Split } from "@/api/types";
import type { FoldsAtHand } from "@/evaluation/splits";

export type AnyEvaluation = Omit<RunEvaluation, "checkpoint_id" | "step" | "folds">;
export type AnyPredictions = Omit<RunPredictions, "checkpoint_id" | "step">;

export interface Subject {
  /** Tells how the data is divided; null where nobody knows. */
  readonly config: RunConfig | null;
  readonly folds: FoldsAtHand;
  /** Which weights an evaluation is about, as the end of a sentence. */
  readonly describe: (evaluation: AnyEvaluation) => string;
  readonly evaluate: (split: Split, signal: AbortSignal) => Promise<AnyEvaluation>;
  readonly predict: (body: PredictBody) => Promise<AnyPredictions>;
}
