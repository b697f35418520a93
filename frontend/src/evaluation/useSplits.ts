/** The parts of the data that a model can be evaluated on, before and after an evaluation has told them. */
import { useQuery } from "@tanstack/react-query";
import { datasetsQuery } from "@/api/datasets";
import { splitsQuery } from "@/api/splits";
import type { RunConfig } from "@/api/types";
import { listSplits, type Splits } from "@/evaluation/splits";

export function useSplits(config: RunConfig | null, known: Splits | undefined) {
  const dataset = config?.data.dataset ?? "";
  const split = config?.data.split;
  const storedName = split?.kind === "stored" ? split.name : null;
  const datasets = useQuery({ ...datasetsQuery, enabled: known === undefined });
  const stored = useQuery({ ...splitsQuery(dataset), enabled: known === undefined && storedName !== null });
  const hasTestPart = datasets.data?.find(({ name }) => name === dataset)?.has_test_part ?? false;
  // A stored split's own test samples are told by its definition.
  const definition = stored.data?.find(({ name }) => name === storedName)?.definition;
  const settled = config && definition ? { ...config, data: { ...config.data, split: definition } } : config;
  return listSplits(settled, known, hasTestPart);
}
