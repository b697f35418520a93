/** Losses, weights and metrics of a model with several outputs: read for one output, and set for one. */
import type { CompileSettings } from "@/api/types";
import type { Reference } from "@/train/references";
import { isReference } from "@/train/references";

type Metrics = CompileSettings["metrics"];

export type MetricSetting = "metrics" | "weighted_metrics";

/** Whether each output has a loss of its own. Metrics are always by output. */
export function isPerOutput({ loss, loss_weights }: CompileSettings): boolean {
  return !isReference(loss) || loss_weights != null;
}

/** One loss for all becomes one for each output, and metrics of all become those of the first output. */
export function spreadSettings(settings: CompileSettings, outputs: readonly string[]): CompileSettings {
  return {
    ...settings,
    loss: Object.fromEntries(outputs.map((name) => [name, lossOf(settings, outputs, name)])),
    metrics: nameMetrics(settings.metrics, outputs),
    weighted_metrics: nameMetrics(settings.weighted_metrics, outputs),
  };
}

/** The first loss that there is becomes that of all outputs. */
export function gatherSettings(settings: CompileSettings, outputs: readonly string[]): CompileSettings {
  const losses = outputs.map((name) => lossOf(settings, outputs, name));
  const { loss_weights: _dropped, ...kept } = settings;
  const first = losses.find((loss) => loss !== null);
  return first === undefined || first === null ? settings : { ...kept, loss: first };
}

/** The loss of an output; null where it has none. */
export function lossOf(
  { loss }: CompileSettings,
  outputs: readonly string[],
  name: string,
): Reference | null {
  if (isReference(loss)) return loss;
  if (Array.isArray(loss)) return loss[outputs.indexOf(name)] ?? null;
  return loss[name] ?? null;
}

export function setLoss(
  settings: CompileSettings,
  outputs: readonly string[],
  name: string,
  loss: Reference | null,
): CompileSettings {
  const all = outputs.map((output) => [output, lossOf(settings, outputs, output)] as const);
  return { ...settings, loss: { ...Object.fromEntries(all), [name]: loss } };
}

/** The weight of an output's loss in the sum: 1 where nothing is said. */
export function weightOf(
  { loss_weights }: CompileSettings,
  outputs: readonly string[],
  name: string,
): number {
  if (loss_weights == null) return 1;
  if (Array.isArray(loss_weights)) return loss_weights[outputs.indexOf(name)] ?? 1;
  return loss_weights[name] ?? 1;
}

/** Weights that are all 1 are no setting. Weights by name want losses by name. */
export function setWeight(
  settings: CompileSettings,
  outputs: readonly string[],
  name: string,
  weight: number,
): CompileSettings {
  const weights = Object.fromEntries(outputs.map((output) => [output, weightOf(settings, outputs, output)]));
  weights[name] = weight;
  const { loss_weights: _old, ...others } = spreadSettings(settings, outputs);
  const isPlain = Object.values(weights).every((one) => one === 1);
  return isPlain ? others : { ...others, loss_weights: weights };
}

/** The metrics of an output, in one list. */
export function metricsOf(metrics: Metrics, outputs: readonly string[], name: string): readonly Reference[] {
  const own = Array.isArray(metrics) ? metricsInList(metrics, outputs, name) : (metrics[name] ?? []);
  return Array.isArray(own) ? own : [own];
}

function metricsInList(
  metrics: Extract<Metrics, readonly unknown[]>,
  outputs: readonly string[],
  name: string,
) {
  if (outputs.length === 1) return metrics.flat();
  // Keras takes a list of another length for nothing at all; the first output is what the check offers too.
  if (metrics.length !== outputs.length) return name === outputs[0] ? metrics.flat() : [];
  return metrics[outputs.indexOf(name)] ?? [];
}

export function setMetrics(
  settings: CompileSettings,
  setting: MetricSetting,
  outputs: readonly string[],
  name: string,
  chosen: readonly Reference[],
): CompileSettings {
  const all: Record<string, Reference[]> = {
    ...nameMetrics(settings[setting], outputs),
    [name]: [...chosen],
  };
  return { ...settings, [setting]: withoutEmpty(all) };
}

function nameMetrics(metrics: Metrics, outputs: readonly string[]): Record<string, Reference[]> {
  const all: Record<string, Reference[]> = {};
  for (const name of outputs) all[name] = [...metricsOf(metrics, outputs, name)];
  return withoutEmpty(all);
}

function withoutEmpty(metrics: Record<string, Reference[]>): Record<string, Reference[]> {
  return Object.fromEntries(Object.entries(metrics).filter(([, own]) => own.length > 0));
}
