/** Short names for the types of data sets of a person's own. */
import type { Issue } from "@/api/types";

type Json = unknown;
export interface Histogram {
  edges: number[];
  counts: number[];
}
export interface FieldSummary {
  name: string;
  kind: "number" | "category" | "text" | "image" | "array";
  shape?: (number | null)[];
  dtype: string;
  missing?: number;
  unique?: number | null;
  minimum?: number | null;
  maximum?: number | null;
  mean?: number | null;
  std?: number | null;
  histogram?: Histogram | null;
  classes?: string[];
  class_counts?: number[];
}
export interface ArrayPlan {
  name: string;
  fields: string[];
}
export interface Definition {
  kind: "table" | "arrays" | "images";
  options?: Record<string, Json>;
  inputs?: ArrayPlan[];
  targets?: ArrayPlan[];
}
export interface Inspection {
  definition: Definition;
  choices: Record<string, Json>;
  samples: number | null;
  fields: FieldSummary[];
  rows: Record<string, Json>[];
  issues?: Issue[];
}
export interface PreparedArray {
  name: string;
  shape: number[];
  dtype: string;
  classes?: number | null;
  class_names?: string[];
}
export interface Manifest {
  name: string;
  title: string;
  description?: string;
  created_at: string;
  files: { name: string; sha256: string; size: number }[];
  definition: Definition;
  task: "classification" | "binary_classification" | "regression";
  samples: number;
  test_samples?: number;
  fields: FieldSummary[];
  inputs: PreparedArray[];
  targets: PreparedArray[];
  notes?: Issue[];
}
export interface UploadPublic {
  id: string;
  filename: string;
  size: number;
  offset: number;
  sha256?: string | null;
}
export interface SentFile {
  upload: string;
}
export interface NewDataset {
  name: string;
  title: string;
  description?: string;
  files: SentFile[];
  definition: Definition;
}
export interface DataJob {
  id: string;
  state: "waiting" | "running" | "done" | "failed" | "cancelled";
  progress: number;
  issues: Issue[];
  dataset?: string | null;
}
