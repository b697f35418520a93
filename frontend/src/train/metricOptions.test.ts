import { describe, expect, it } from "vitest";
import type { Entry } from "@/api/types";
import { listMetrics, pickMetrics } from "@/train/metricOptions";

function makeEntry(className: string, changes: Partial<Entry> = {}): Entry {
  return {
    class_name: className,
    category: "Metrics",
    summary: "",
    help: "",
    aliases: [],
    arguments: [],
    call: [],
    example: {},
    ...changes,
  };
}

const ENTRIES = [
  makeEntry("AUC"),
  makeEntry("MeanAbsoluteError"),
  makeEntry("MeanIoU", { example: { num_classes: 2 } }),
  makeEntry("MeanMetricWrapper", { unavailable: "takes a function" }),
];

describe("listMetrics", () => {
  it("puts the usual ones first and offers no class twice or that cannot be used", () => {
    expect(listMetrics(ENTRIES, [])).toEqual([
      {
        group: "Usual",
        items: ["accuracy", "mean_absolute_error", "mean_squared_error", "AUC", "Precision", "Recall"],
      },
      { group: "All", items: ["MeanIoU"] },
    ]);
  });

  it("shows a chosen metric under the name that it was chosen by", () => {
    const [usual] = listMetrics(ENTRIES, ["MeanAbsoluteError", "my_metric"]);
    expect(usual?.items).toEqual([
      "accuracy",
      "mean_squared_error",
      "AUC",
      "Precision",
      "Recall",
      "MeanAbsoluteError",
      "my_metric",
    ]);
  });
});

describe("pickMetrics", () => {
  it("keeps the config of what was chosen and fills what is new", () => {
    const auc = { class_name: "AUC", config: { num_thresholds: 5 } };
    expect(pickMetrics(ENTRIES, [auc, "accuracy"], ["accuracy", "AUC", "MeanIoU"])).toEqual([
      "accuracy",
      auc,
      { class_name: "MeanIoU", config: { num_classes: 2 } },
    ]);
  });
});
