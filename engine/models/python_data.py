"""The function of exported code that loads the data, made of what reads the data set in Layerloom itself."""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from engine.models.python_values import call, name, write_value

FUNCTION = "load_data"
VALIDATION_FUNCTION = "load_validation_data"


@dataclass(frozen=True)
class LoaderCode:
    """A function that reads a data set, as text, with all that it needs beside installed packages.

    `definitions` stand in an order in which each finds what it needs; `names` are all that they and the `imports` name.
    """

    function: str
    imports: tuple[str, ...]
    definitions: tuple[str, ...]
    names: frozenset[str]


@dataclass(frozen=True)
class SplitCode:
    """How samples are divided: statements that make `training` and `validation` of `arrays`, the numbers of samples.

    Where `is_folded` they make `folds` instead, a list of such pairs, one for each model. `is_before_steps` says that
    they want the arrays as they are loaded.
    """

    imports: tuple[str, ...]
    lines: Sequence[str]
    is_folded: bool = False
    is_before_steps: bool = False


@dataclass(frozen=True)
class DataCode:
    """How a data set is loaded, and the names of its arrays for the model's inputs and for its outputs, in order.

    `sample_weights` is the array with the weights of its samples, `validation` the data that the model is validated on;
    None where there are none. `steps` are statements that change `arrays` once they are loaded, `step_code` what these
    call beside Keras. `split` divides the samples; None where `fit` does it, or nothing is divided.
    """

    dataset: str
    loader: LoaderCode
    arguments: Mapping[str, JsonValue]
    inputs: Sequence[str]
    targets: Sequence[str]
    sample_weights: str | None = None
    validation: "DataCode | None" = None
    steps: Sequence[str] = ()
    step_code: Sequence[LoaderCode] = ()
    split: SplitCode | None = None

    @property
    def loaders(self) -> list[LoaderCode]:
        """Everything that reads data here, and makes other data of it."""
        return [self.loader, *self.step_code, *(self.validation.loaders if self.validation else [])]

    @property
    def imports(self) -> set[str]:
        """What the loaders import."""
        split = () if self.split is None else self.split.imports
        return {text for loader in self.loaders for text in loader.imports} | {*split}

    @property
    def definitions(self) -> list[str]:
        """The code of the loaders, each piece once."""
        return list(dict.fromkeys(text for loader in self.loaders for text in loader.definitions))


DataFinder = Callable[[Sequence[str], Sequence[str]], DataCode]
"""Answers how the data for inputs and outputs of these names is loaded. Raises `EngineError` where there is none."""


def write_load_functions(data: DataCode) -> list[str]:
    """`load_data()`, which answers x and y as `fit` takes them, and the weights of samples where there are such.

    With validation data `load_validation_data()` answers the same for it. Where the samples are divided, `load_data()`
    answers those that train and, at the end, what to validate on; of folds all samples and the numbers of each fold's.
    """
    written = [_write_load_function(data, FUNCTION, "the data set")]
    if data.validation is not None:
        written.append(_write_load_function(data.validation, VALIDATION_FUNCTION, "what to validate on, from"))
    return written


def _write_load_function(data: DataCode, function: str, what: str) -> str:
    arguments = {key: write_value(value) for key, value in data.arguments.items()}
    loaded = call(name(data.loader.function), **arguments)
    types = ["np.ndarray" if len(ends) == 1 else "list[np.ndarray]" for ends in (data.inputs, data.targets)]
    text = f"Load {what} {data.dataset}: x goes into the model, and its outputs are compared with y."
    weights = []
    if data.sample_weights is not None:
        types.append("np.ndarray")
        text += "\n\n    sample_weight says how much each sample counts.\n    "
        weights = [f"sample_weight = {_unparse(_take([data.sample_weights]))}"]
    if data.split is not None:
        types.append("list[tuple[np.ndarray, np.ndarray]]" if data.split.is_folded else "tuple")
    divide = () if data.split is None else data.split.lines
    is_first = data.split is not None and data.split.is_before_steps
    lines = [
        f"def {function}() -> tuple[{', '.join(types)}]:",
        f'"""{text}"""',
        f"arrays = {_unparse(loaded)}",
        *(divide if is_first else ()),
        *data.steps,
        f"x = {_unparse(_take(data.inputs))}",
        f"y = {_unparse(_take(data.targets))}",
        *weights,
        *(() if is_first else divide),
        *_write_return(data),
    ]
    return "\n    ".join(lines)


def _write_return(data: DataCode) -> list[str]:
    weights = ["sample_weight"] if data.sample_weights is not None else []
    given = ["x", "y", *weights]
    if data.split is None:
        return [f"return {', '.join(given)}"]
    if data.split.is_folded:
        return [f"return {', '.join([*given, 'folds'])}"]
    chosen = {side: take_rows(data, side) for side in ("training", "validation")}
    return [
        f"validation_data = ({', '.join(chosen['validation'])})",
        f"return {', '.join([*chosen['training'], 'validation_data'])}",
    ]


def take_rows(data: DataCode, rows: str) -> list[str]:
    """x, y and the weights of the samples with these numbers, as code."""
    weights = ["sample_weight[{rows}]"] if data.sample_weights is not None else []
    sides = [("x", data.inputs), ("y", data.targets)]
    taken = [f"{side}[{{rows}}]" if len(ends) == 1 else f"[one[{{rows}}] for one in {side}]" for side, ends in sides]
    return [text.format(rows=rows) for text in [*taken, *weights]]


def _take(arrays: Sequence[str]) -> ast.expr:
    taken: list[ast.expr] = [ast.Subscript(name("arrays"), ast.Constant(array)) for array in arrays]
    return taken[0] if len(taken) == 1 else ast.List(taken)


def _unparse(tree: ast.expr) -> str:
    return ast.unparse(ast.fix_missing_locations(tree))
