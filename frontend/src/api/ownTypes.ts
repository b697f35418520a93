/** Short names for the types of data sets of a person's own, all of them generated from the OpenAPI document. */
import type { components } from "@/api/schema.gen";

type Schemas = components["schemas"];

export type ArrayPlan = Schemas["ArrayPlan"];
export type CopyExample = Schemas["CopyExample"];
export type DataJob = Schemas["DataJob"];
export type Definition = Schemas["Definition"];
export type DuplicateReport = Schemas["DuplicateReport"];
export type DuplicatesFound = Schemas["DuplicatesFound"];
export type FieldSummary = Schemas["FieldSummary"];
export type Inspection = Schemas["Inspection"];
export type Leak = Schemas["Leak"];
export type Manifest = Schemas["Manifest"];
export type NewDataset = Schemas["NewDataset"];
export type PartCopies = Schemas["PartCopies"];
export type PreparedArray = Schemas["PreparedArray"];
export type SentFile = Schemas["UploadedFile"] | Schemas["FileInPlace"];
export type UploadPublic = Schemas["UploadPublic"];
