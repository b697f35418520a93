/** The dialog that evaluates a model with its stored weights, loaded when it is first wanted. */
import { lazy, Suspense } from "react";
import { useModelQuestion } from "@/stores/evaluation/modelQuestion";

const ModelDialog = lazy(async () => ({ default: (await import("@/evaluation/ModelDialog")).ModelDialog }));

export function ModelEvaluation() {
  const wanted = useModelQuestion((state) => state.question !== null);
  return <Suspense>{wanted && <ModelDialog />}</Suspense>;
}
