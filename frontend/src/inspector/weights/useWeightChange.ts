/** A change of a model's weights, with what came of it, told in a sentence. */
import { useMutation } from "@tanstack/react-query";
import type { WeightsReceipt } from "@/api/types";
import { refreshWeights } from "@/api/weights";
import { saveNow } from "@/stores/editor/autosave";
import { formatCount } from "@/ui/format/amounts";
import { notifySuccess } from "@/ui/notifications";

/** Runs a change on the draft as it is now; the page then reads again what it shows of the weights. */
export function useWeightChange<Input>(
  modelId: string,
  change: (input: Input) => Promise<WeightsReceipt | undefined>,
) {
  return useMutation({
    mutationFn: async (input: Input) => {
      await saveNow();
      return change(input);
    },
    onSuccess: async (receipt) => {
      notifySuccess(receipt ? describeReceipt(receipt) : "The model has no weights any more.");
      await refreshWeights(modelId);
    },
  });
}

function describeReceipt({ fit }: WeightsReceipt): string {
  const taken = fit.layers.filter((layer) => layer.fit === "fits");
  const without = fit.layers.filter((layer) => layer.fit === "missing" || layer.fit === "different_shapes");
  const sentence = `${formatCount(taken.length, "layer")} got weights.`;
  if (without.length === 0) return sentence;
  return `${sentence} Not changed: ${without.map(({ layer }) => layer).join(", ")}.`;
}
