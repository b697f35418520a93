/** What every part of the training form gets. */
import type { RunConfig } from "@/api/types";
import type { FieldIssues } from "@/train/fieldIssues";

export interface SectionProps {
  readonly config: RunConfig;
  readonly issues: FieldIssues;
  readonly onChange: (config: RunConfig) => void;
}
