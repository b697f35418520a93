/** What a run trains: known once its worker has built the model and loaded the data. */
import type { SetupEvent } from "@/api/events";
import { ClassWeightList } from "@/runs/details/ClassWeightList";
import { type Fact, Facts } from "@/runs/details/Facts";
import { useLiveRun } from "@/stores/runs/useLiveRun";
import { formatCount, formatInteger } from "@/ui/format/amounts";

export function SetupTable({ runId }: { runId: string }) {
  const setup = useLiveRun(runId, (run) => run.setup);
  return (
    <Facts
      title="What is trained"
      facts={setup ? describeSetup(setup) : []}
      empty="Known once the worker has built the model and loaded the data."
    />
  );
}

function describeSetup(setup: SetupEvent): Fact[] {
  const frozen = setup.parameters - setup.trainable_parameters;
  const folds = setup.folds == null ? [] : [{ name: "Folds", value: formatInteger(setup.folds) }];
  // A run of an earlier version does not say them.
  const weights = setup.class_weights ?? [];
  return [
    ...folds,
    { name: "Training samples", value: formatInteger(setup.samples) },
    { name: "Validation samples", value: formatInteger(setup.validation_samples) },
    { name: "Steps per epoch", value: formatCount(setup.steps_per_epoch, "step") },
    { name: "Batch size", value: formatCount(setup.batch_size, "sample") },
    { name: "Parameters", value: formatInteger(setup.parameters) },
    { name: "Trainable", value: formatInteger(setup.trainable_parameters) },
    ...(frozen > 0 ? [{ name: "Not trainable", value: formatInteger(frozen) }] : []),
    ...(weights.length > 0
      ? [{ name: "Class weights", value: <ClassWeightList weights={weights} fold={setup.fold ?? null} /> }]
      : []),
    // Long enough for a line of its own: whether the layers of texts work once or for each batch.
    ...(setup.prepared != null ? [{ name: "Texts", value: setup.prepared }] : []),
  ];
}
