/** The arguments of augmentation in the form that the forms of layers are drawn from. */
import { isEqual } from "es-toolkit";
import type { AugmentationArguments, AugmentationForm } from "@/api/augmentation";
import { ProblemError } from "@/api/problem";
import type { Argument, Entry, Issue } from "@/api/types";

const PLACE = "arguments.";

export function toEntry({ arguments: all }: AugmentationForm): Entry {
  return {
    class_name: "ImageDataGenerator",
    package: null,
    category: "",
    summary: "",
    help: "",
    aliases: [],
    arguments: all,
    call: [],
    example: {},
    unavailable: null,
  };
}

/** The arguments with one of them changed; a default is left out. */
export function withValue(
  given: AugmentationArguments,
  argument: Argument,
  value: unknown,
): AugmentationArguments {
  const { [argument.name]: _, ...rest } = given;
  const isDefault = value === undefined || isEqual(value, argument.default ?? null);
  return isDefault ? rest : { ...given, [argument.name]: value as AugmentationArguments[string] };
}

/** The issues of a refusal under the names of the arguments. */
export function issuesOfArguments(error: unknown): Issue[] {
  if (!(error instanceof ProblemError)) return [];
  return error.issues
    .filter(({ argument }) => argument?.startsWith(PLACE))
    .map((issue) => ({ ...issue, argument: issue.argument?.slice(PLACE.length) ?? null }));
}
