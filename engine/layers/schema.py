"""The catalogue as data: what the installed Keras can make, for palettes, forms and programs. Imports no Keras."""

from typing import Literal

from pydantic import BaseModel, JsonValue

Kind = Literal[
    "boolean", "integer", "float", "string", "choice", "tuple", "dtype",
    "activation", "initializer", "regularizer", "constraint", "optimizer", "learning_rate_schedule", "loss", "metric",
    "layer", "expression", "json",
]  # fmt: skip


class Argument(BaseModel):
    """One argument of a constructor.

    `kinds` lists what is accepted, likeliest first; None is accepted where `nullable`. `items` are the kinds inside a
    tuple (None too, where `items_nullable`) and `lengths` the tuple lengths allowed (empty: any). `minimum` and
    `maximum` hold for a number, or for the numbers of a tuple; they are inclusive unless `exclusive_minimum` or
    `exclusive_maximum`. `choices` are all strings allowed where the kind is `choice`. `default` is meaningless where
    `required`. `variables` are what a formula (kind `expression`) may name; where there are none, the names in the
    argument `variables` beside it. `help` is the docstring's text, on one line.
    """

    name: str
    kinds: list[Kind]
    required: bool = False
    nullable: bool = False
    default: JsonValue = None
    choices: list[JsonValue] = []
    items: list[Kind] = []
    items_nullable: bool = False
    lengths: list[int] = []
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: bool = False
    exclusive_maximum: bool = False
    variables: list[str] = []
    help: str = ""


class CallArgument(BaseModel):
    """One argument of a layer's call. `tensor`: an edge can end here. `many`: it takes a list of tensors."""

    name: str
    position: int | None
    tensor: bool
    many: bool = False
    required: bool = False
    default: JsonValue = None
    help: str = ""


class Entry(BaseModel):
    """One class. `category` is the palette's heading, `summary` the first line of the docstring, `aliases` other names.

    `example` is a config that the class can be made from (its required arguments filled): what a drag from the palette
    puts on the canvas. `unavailable` says, where it is set, why the class cannot be used in a graph.
    """

    class_name: str
    package: str | None = None
    category: str
    summary: str = ""
    help: str = ""
    aliases: list[str] = []
    arguments: list[Argument] = []
    call: list[CallArgument] = []
    example: dict[str, JsonValue] = {}
    unavailable: str | None = None


class FunctionEntry(BaseModel):
    """A function that formulas may call: its name, how it is called, and the first line of its docstring."""

    name: str
    signature: str
    summary: str = ""


class Catalogue(BaseModel):
    """Everything that the installed Keras (and our own few layers) offer by name.

    A layer is found by its package and its class name together: `add` is an operation, `Add` a layer. `categories` are
    the headings of `layers`, `operation_categories` those of `operations`, both in the palette's order. `data_steps`
    are the functions that a run's `data.steps` may apply to arrays.
    """

    keras_version: str
    backend: str
    categories: list[str]
    layers: list[Entry]
    operation_categories: list[str]
    operations: list[Entry]
    optimizers: list[Entry]
    learning_rate_schedules: list[Entry]
    losses: list[Entry]
    metrics: list[Entry]
    callbacks: list[Entry]
    initializers: list[Entry]
    regularizers: list[Entry]
    constraints: list[Entry]
    activations: list[str]
    applications: list[Entry]
    dtypes: list[str]
    functions: list[FunctionEntry] = []
    data_steps: list[Entry] = []
