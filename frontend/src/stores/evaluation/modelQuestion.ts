/** Which model is being evaluated with its stored weights, if any: any part of the page may ask. */
import { create } from "zustand";

export interface ModelQuestion {
  readonly modelId: string;
  /** Null for the draft. */
  readonly versionId: string | null;
  /** What a person calls it, such as `version 3`. */
  readonly label: string;
}

interface ModelQuestionState {
  readonly question: ModelQuestion | null;
}

export const useModelQuestion = create<ModelQuestionState>()(() => ({ question: null }));

export function askModel(question: ModelQuestion): void {
  useModelQuestion.setState({ question });
}

export function stopAsking(): void {
  useModelQuestion.setState({ question: null });
}
