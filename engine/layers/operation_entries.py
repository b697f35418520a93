"""The catalogue's entries of operations: what each is made with, what it is called on, and whether it works here."""

import inspect

import keras
from pydantic import JsonValue

from engine.layers.arguments import describe_arguments, to_json
from engine.layers.docstrings import Docstring, read_docstring
from engine.layers.operation_trials import OperationProbe, Trial, find_trial, list_call_parameters
from engine.layers.operations import PACKAGE, Function, KerasOperation, discover_operations
from engine.layers.refinement import refine_words
from engine.layers.schema import Argument, CallArgument, Entry, Kind
from engine.layers.scope import open_symbolic_scope

LONGEST_REFUSAL = 200

TRIED_KINDS: list[tuple[Kind, JsonValue]] = [("integer", 1), ("float", 0.5), ("tuple", [1])]
"""What is tried for an argument whose help text says little."""


def describe_operations() -> list[Entry]:
    """One entry per operation, in alphabetical order."""
    with open_symbolic_scope():
        return [_describe(one) for one in discover_operations().values()]


def describe_operation_arguments(value: type, function: Function) -> list[Argument]:
    """What an operation's class is made with, by the words of its public function. The name is the document's own."""
    docstring = read_docstring(function)
    return [one for one in describe_arguments(value, docstring) if one.name != "name"]


def _describe(one: KerasOperation) -> Entry:
    docstring = read_docstring(one.function)
    arguments = describe_operation_arguments(one.value, one.function)
    trial, refusal = find_trial(one.name, one.value, arguments)
    entry = Entry(
        class_name=one.name,
        package=PACKAGE,
        category=f"Operations: {one.value.__module__.rsplit('.', 1)[-1]}",
        summary=docstring.summary,
        aliases=[name for name in one.aliases if _last(name) != _last(one.name)],
        call=_describe_call(one.value, docstring, trial),
    )
    if trial is None:
        reason = " ".join(refusal.split())[:LONGEST_REFUSAL]
        return entry.model_copy(update={"unavailable": f"Keras cannot call {one.name} on tensors here: {reason}"})
    probe = OperationProbe(one.value, trial)
    refined = [refine_words(_refine_kinds(argument, probe), probe) for argument in arguments]
    return entry.model_copy(update={"arguments": refined, "example": trial.config})


def _refine_kinds(argument: Argument, probe: OperationProbe) -> Argument:
    """The argument with the kinds of numbers and lists that Keras takes, where the help text tells few or none."""
    if isinstance(stated := probe.config.get(argument.name), list):
        items: list[Kind] = ["integer", "tuple"] if any(isinstance(one, list) for one in stated) else ["integer"]
        return argument.model_copy(update={"kinds": [*dict.fromkeys([*argument.kinds, "tuple"])], "items": items})
    if not {"json", "integer"} & set(argument.kinds) or {"float", "tuple"} & set(argument.kinds):
        return argument
    known: list[Kind] = [kind for kind in argument.kinds if kind != "json"]
    tried = [(kind, value) for kind, value in TRIED_KINDS if kind == "tuple" or not known]
    found = known + [kind for kind, value in tried if probe.accepts(argument.name, value)]
    update: dict[str, object] = {"kinds": found or ["json"]}
    if "tuple" in found:
        update["items"] = ["integer", "tuple"] if probe.accepts(argument.name, [[1, 1], [1, 1]]) else ["integer"]
    return argument.model_copy(update=update)


def _describe_call(value: type, docstring: Docstring, trial: Trial | None) -> list[CallArgument]:
    """The arguments of the call. All but flags take a tensor or a constant; what was tried says which take lists."""
    parameters = [one for one in list_call_parameters(value) if one.kind is not one.VAR_KEYWORD]
    tried = dict(zip((one.name for one in parameters), trial.inputs if trial else (), strict=False))
    return [
        _describe_call_argument(position, one, docstring, tried.get(one.name))
        for position, one in enumerate(parameters)
    ]


def _describe_call_argument(
    position: int, parameter: inspect.Parameter, docstring: Docstring, tried: object
) -> CallArgument:
    collects = parameter.kind is parameter.VAR_POSITIONAL
    required = parameter.default is parameter.empty
    return CallArgument(
        name=parameter.name,
        position=None if parameter.kind is parameter.KEYWORD_ONLY else position,
        tensor=not isinstance(parameter.default, bool | str) and not _is_constant(tried),
        many=collects or (isinstance(tried, list) and any(isinstance(one, keras.KerasTensor) for one in tried)),
        required=required,
        default=None if required else to_json(parameter.default),
        help=docstring.arguments.get(parameter.name, ""),
    )


def _is_constant(tried: object) -> bool:
    """Whether only a text or a key would do: an edge can end in everything else."""
    return isinstance(tried, str)


def _last(name: str) -> str:
    return name.rsplit(".", 1)[-1]
