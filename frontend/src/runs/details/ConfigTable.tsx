/** A run's config in Keras's words. */
import { Anchor, Stack } from "@mantine/core";
import { Link } from "react-router";
import type { RunConfig, RunPublic } from "@/api/types";
import { StartNote } from "@/runs/checkpoints/StartNote";
import { type Fact, Facts } from "@/runs/details/Facts";
import { describeWish } from "@/runs/plan/describePlan";
import { formatInteger, formatSeconds } from "@/ui/format/amounts";
import { writeReference, writeReferences } from "@/ui/kerasText";
import { describeValidation } from "@/ui/runs/describeValidation";

export function ConfigTable({ run }: { run: RunPublic }) {
  return (
    <Facts
      title="Configuration"
      facts={[{ name: "Started from", value: <Beginning run={run} /> }, ...describeConfig(run.config)]}
    />
  );
}

/** New weights, the model's, or those of a checkpoint, with what became of them. */
function Beginning({ run: { config, start_report: report } }: { run: RunPublic }) {
  if (report === null) {
    return config.weights ? `the model's weights, SHA-256 ${config.weights.slice(0, 12)}…` : "new weights";
  }
  return (
    <Stack gap={4}>
      <span>
        epoch {formatInteger(report.epoch + 1)} of{" "}
        <Anchor component={Link} to={`/runs/${report.run_id}`} inherit>
          {report.run_name}
        </Anchor>
      </span>
      <StartNote report={report} />
    </Stack>
  );
}

function describeConfig({
  compile,
  fit,
  callbacks,
  data,
  seed,
  precision,
  plan,
  checkpoints,
  restarts,
}: RunConfig): Fact[] {
  return [
    { name: "Data set", value: data.dataset },
    { name: "Optimizer", value: writeReference(compile.optimizer) },
    { name: "Loss", value: writeReferences(compile.loss) },
    ...(compile.loss_weights ? [{ name: "Loss weights", value: writeReferences(compile.loss_weights) }] : []),
    { name: "Metrics", value: writeReferences(compile.metrics) || "none" },
    { name: "Epochs", value: formatInteger(fit.epochs) },
    { name: "Batch size", value: `${formatInteger(fit.batch_size)} samples` },
    { name: "Validation", value: describeValidation({ fit, data }) },
    ...(fit.class_weight === "balanced" ? [{ name: "Class weights", value: "balanced" }] : []),
    { name: "Shuffle", value: fit.shuffle ? "every epoch" : "no" },
    { name: "Callbacks", value: callbacks.map(writeReference).join(", ") || "none" },
    { name: "Seed", value: seed },
    { name: "Precision", value: precision },
    { name: "Plan", value: describeWish(plan) },
    { name: "Checkpoints", value: describeCheckpoints(checkpoints) },
    { name: "Restarts", value: restarts === 0 ? "none" : `up to ${restarts}, from the last checkpoint` },
  ];
}

function describeCheckpoints(settings: RunConfig["checkpoints"]): string {
  const best = settings.keep_best === 0 ? "" : ` and the ${formatInteger(settings.keep_best)} best`;
  const monitor = best && settings.monitor ? ` by ${settings.monitor}` : "";
  const every = formatSeconds(settings.every_minutes * 60);
  return `every ${every}; the last ${formatInteger(settings.keep_last)}${best}${monitor} are kept`;
}
