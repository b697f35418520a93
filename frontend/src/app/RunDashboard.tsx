/** The page of a run, with what its model is worth. */
import { Results } from "@/evaluation/Results";
import { RunPage } from "@/runs/RunPage";

export function RunDashboard() {
  return <RunPage results={(run) => <Results run={run} />} />;
}
