/** Models from elsewhere: files, architectures by name, Keras's JSON. */
import { api, readBody } from "@/api/client";
import { describeFailure, ProblemError } from "@/api/problem";
import type { components } from "@/api/schema.gen";
import type { ImportedModel, Problem } from "@/api/types";

type JsonObject = { [key: string]: components["schemas"]["JsonValue"] };

/** A new model that is an architecture of `keras.applications`. */
export function importApplication(application: string, args: JsonObject): Promise<ImportedModel> {
  return readBody(api.POST("/api/models/import", { body: { application, arguments: args } }));
}

/** A new model from what `model.to_json()` or `model.get_config()` gives. */
export function importConfig(config: JsonObject | JsonObject[]): Promise<ImportedModel> {
  return readBody(api.POST("/api/models/import", { body: { config } }));
}

export interface FileUpload {
  readonly result: Promise<ImportedModel>;
  readonly cancel: () => void;
}

/** Sends a file. `fetch` cannot tell how much of a body has gone, so this is the older request. */
export function uploadModel(file: File, onProgress: (share: number) => void): FileUpload {
  const request = new XMLHttpRequest();
  const result = new Promise<ImportedModel>((resolve, reject) => {
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.upload.onload = () => onProgress(1);
    request.onload = () => {
      if (request.status === 201) resolve(request.response as ImportedModel);
      else reject(readFailure(request));
    };
    request.onerror = () => reject(describeFailure(new TypeError("the request failed")));
    request.onabort = () => reject(new DOMException("The upload was cancelled.", "AbortError"));
    request.open("POST", `/api/models/import?filename=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.send(file);
  });
  return { result, cancel: () => request.abort() };
}

function readFailure(request: XMLHttpRequest): Error {
  const body: unknown = request.response;
  const problem: Problem = {
    type: "about:blank",
    title: request.statusText || "The server answered with an error",
    status: request.status,
    detail: `The server answered with status ${request.status} and no explanation.`,
    issues: [],
  };
  return new ProblemError(
    typeof body === "object" && body !== null
      ? {
          ...problem,
          ...body,
          status: request.status,
          issues: "issues" in body ? readIssues(body.issues) : [],
        }
      : problem,
  );
}

function readIssues(issues: unknown): Problem["issues"] {
  return Array.isArray(issues) ? issues : [];
}
