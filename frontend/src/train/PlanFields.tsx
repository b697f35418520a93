/** How the steps are run: the fastest way that is found by measuring, Keras's own loop, or a pinned plan. */
import { Select, SimpleGrid } from "@mantine/core";
import { writeIssues } from "@/train/fieldIssues";
import { OptionalNumberField } from "@/train/OptionalNumberField";
import { choosePlan, modeOf, type Pinned, type Plan, type PlanChoice } from "@/train/plans";
import type { SectionProps } from "@/train/section";

const MODES: { value: PlanChoice; label: string }[] = [
  { value: "auto", label: "Automatic" },
  { value: "xla", label: "XLA" },
  { value: "graph", label: "Graph" },
  { value: "step", label: "Step by step" },
  { value: "fit", label: "Keras's fit" },
];
const HELP: Record<PlanChoice, string> = {
  auto: "The fastest way for this model on this machine, found by measuring",
  xla: "Many steps as one program, compiled by XLA",
  graph: "Many steps as one program, a TensorFlow graph",
  step: "One step at a time, in Python: for what cannot be compiled",
  fit: "Keras's own loop",
};
const PLACES = [
  { value: "auto", label: "Automatic" },
  { value: "device", label: "Whole on the device" },
  { value: "stream", label: "Streamed in blocks" },
];
/** The limit of the API's `PinnedPlan`. */
const MOST_STEPS = 100_000;

export function PlanFields({ config, issues, onChange }: SectionProps) {
  const { plan } = config;
  const pinned = typeof plan === "string" ? null : plan;
  const change = (changed: Plan) => onChange({ ...config, plan: changed });
  return (
    <>
      <Select
        label="Plan"
        description={HELP[modeOf(plan)]}
        inputWrapperOrder={["label", "input", "description", "error"]}
        allowDeselect={false}
        data={MODES}
        value={modeOf(plan)}
        onChange={(mode) => mode !== null && change(choosePlan(mode, pinned))}
        error={writeIssues(issues.at("plan"))}
      />
      {pinned !== null && <PinnedFields plan={pinned} onChange={change} />}
    </>
  );
}

function PinnedFields({ plan, onChange }: { plan: Pinned; onChange: (plan: Pinned) => void }) {
  return (
    <SimpleGrid cols={2} spacing="sm">
      {plan.mode !== "step" && (
        <OptionalNumberField
          label="Steps a chunk"
          placeholder="Automatic"
          value={plan.steps_per_chunk ?? null}
          min={1}
          max={MOST_STEPS}
          error={undefined}
          onChange={(steps_per_chunk) => onChange({ ...plan, steps_per_chunk })}
        />
      )}
      <Select
        label="Data"
        allowDeselect={false}
        data={PLACES}
        value={plan.data ?? "auto"}
        onChange={(place) =>
          onChange({ ...plan, data: place === "device" || place === "stream" ? place : null })
        }
      />
    </SimpleGrid>
  );
}
