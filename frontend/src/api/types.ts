/** Short names for the API's types, all of them generated from the server's OpenAPI document. */
import type { components } from "@/api/schema.gen";

type Schemas = components["schemas"];

export type Argument = Schemas["Argument"];
export type ArgumentKind = Argument["kinds"][number];
export type ArraySpec = Schemas["ArraySpec"];
export type CallArgument = Schemas["CallArgument"];
export type Catalogue = Schemas["Catalogue"];
export type CheckpointPublic = Schemas["CheckpointPublic"];
export type CheckResult = Schemas["CheckResult"];
export type CompileResult = Schemas["CompileResult"];
export type CompileSettings = Schemas["CompileSettings"];
export type DatasetPreview = Schemas["DatasetPreview"];
export type DatasetSummary = Schemas["DatasetSummary"];
export type DraftPublic = Schemas["DraftPublic"];
export type Edge = Schemas["Edge"];
export type Entry = Schemas["Entry"];
export type FitSettings = Schemas["FitSettings"];
export type Graph = Schemas["Graph"];
export type HistoryPublic = Schemas["HistoryPublic"];
export type Issue = Schemas["Issue"];
export type KerasObject = Schemas["KerasObject"];
export type Layer = Schemas["Layer"];
export type Layout = Schemas["Layout"];
export type LogEvent = Schemas["LogEvent"];
export type MetricsPublic = Schemas["MetricsPublic"];
export type ModelPublic = Schemas["ModelPublic"];
export type Node = Schemas["Node"];
export type Position = Schemas["Position"];
export type Problem = Schemas["Problem"];
export type RunConfig = Schemas["RunConfig"];
export type RunEvent = Schemas["EventPage"]["items"][number];
export type RunPublic = Schemas["RunPublic"];
export type RunStatus = RunPublic["status"];
export type Series = Schemas["Series"];
export type TemplatePublic = Schemas["TemplatePublic"];
export type TensorReference = Schemas["TensorReference"];
export type TensorSpec = Schemas["TensorSpec"];
export type VersionPublic = Schemas["VersionPublic"];

/** A number that JSON may have to spell as a string: "NaN", "Infinity", "-Infinity". */
export type JsonNumber = Series["y"][number];
