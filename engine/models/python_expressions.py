"""What exported code has in place of our formulas: plain calls, and functions for losses, metrics and schedules."""

import ast
from collections.abc import Mapping

import keras
from pydantic import JsonValue

from engine.graph.document import Layer
from engine.layers.expressions import losses, schedule
from engine.layers.expressions.formula import Formula, read_formula
from engine.layers.expressions.layer import DEFAULT_VARIABLES
from engine.layers.own.registry import PACKAGE
from engine.models.python_formulas import FormulaWriter, Piece
from engine.models.python_values import Expression, call, make_identifier, name, write_value

DEFAULT_REDUCTION = "sum_over_batch_size"

CAST = """
y_true = keras.ops.cast(y_true, {dtype!r})
y_pred = keras.ops.cast(y_pred, {dtype!r})
"""
"""What Keras does by itself to the arguments of a loss, and not to those of a metric."""

ALIGN = """
if len(y_true.shape) < len(y_pred.shape) and y_pred.shape[-1] == 1:
    y_true = keras.ops.expand_dims(y_true, axis=-1)
"""
"""What Keras does by itself to the arguments of a function that is a loss, and of nothing else."""


def is_formula(layer: Layer) -> bool:
    """Whether a layer of the document is our `Expression`."""
    return layer.package == PACKAGE and layer.class_name == "Expression"


def write_formula_call(layer: Layer, args: list[object]) -> ast.expr:
    """A call of an `Expression` as plain code over the tensors that it is called on (trees in `Expression`s)."""
    variables = layer.config.get("variables", list(DEFAULT_VARIABLES))
    names = [str(one) for one in variables] if isinstance(variables, list) else list(DEFAULT_VARIABLES)
    given = args[0] if isinstance(args[0], list) else [args[0]]
    pieces: dict[str, Piece] = {key: (write_value(one), "tensor") for key, one in zip(names, given, strict=True)}
    formula = read_formula(str(layer.config["expression"]), tuple(names))
    return FormulaWriter(pieces, symbolic=True).write(formula)


def take_out_formulas(
    training: Mapping[str, JsonValue], taken: set[str]
) -> tuple[dict[str, JsonValue], list[ast.stmt]]:
    """A run's config with a piece of code in place of each formula, and the functions that this code names."""
    functions: list[ast.stmt] = []

    def take(value: JsonValue) -> object:
        if isinstance(value, list):
            return [take(one) for one in value]
        if not isinstance(value, dict):
            return value
        config = value.get("config")
        if isinstance(config, dict):
            if value.get("class_name") in ("ExpressionLoss", "ExpressionMetric"):
                return Expression(_write_function(str(value["class_name"]), config, functions, taken))
            if value.get("class_name") == "LearningRateScheduler" and "schedule" in config:
                tree = _write_schedule(read_formula(str(config["schedule"]), schedule.VARIABLES))
                return {**value, "config": {**config, "schedule": Expression(tree)}}
        return {key: take(one) for key, one in value.items()}

    return {key: take(value) for key, value in training.items()}, functions  # type: ignore[misc]


def _write_function(
    class_name: str, config: Mapping[str, JsonValue], functions: list[ast.stmt], taken: set[str]
) -> ast.expr:
    is_loss = class_name == "ExpressionLoss"
    formula = read_formula(str(config.get("expression", losses.DEFAULT)), losses.VARIABLES)
    wanted = str(config.get("name") or ("expression_loss" if is_loss else "expression_metric"))
    function = make_identifier(wanted, taken)
    pieces: dict[str, Piece] = {variable: (name(variable), "tensor") for variable in losses.VARIABLES}
    kind = "loss" if is_loss else "metric"
    body: list[ast.stmt] = [ast.Expr(ast.Constant(f"Compute the {kind} of each sample: {formula}."))]
    reduction = config.get("reduction", DEFAULT_REDUCTION)
    dtype = config.get("dtype")
    is_plain = is_loss and reduction == DEFAULT_REDUCTION and dtype is None
    body += [] if is_loss else ast.parse(CAST.format(dtype=str(dtype or keras.config.floatx()))).body
    body += [] if is_plain else ast.parse(ALIGN).body
    body.append(ast.Return(FormulaWriter(pieces).write(formula)))
    functions.append(_define(function, list(losses.VARIABLES), body))
    described = {"name": wanted, **({} if dtype is None else {"dtype": dtype})}
    if not is_loss and described != {"name": function}:
        described_trees = {key: write_value(value) for key, value in described.items()}
        return call(name("keras.metrics.MeanMetricWrapper"), [name(function)], **described_trees)
    if is_plain or not is_loss:
        return name(function)
    loss_class = make_identifier(f"{function}_class", taken)
    text = f"class {loss_class}(keras.losses.Loss):\n    def call(self, y_true, y_pred):\n"
    functions += ast.parse(f"{text}        return {function}(y_true, y_pred)\n").body
    described_trees = {key: write_value(value) for key, value in {"reduction": reduction, **described}.items()}
    return call(name(loss_class), **described_trees)


def _write_schedule(formula: Formula) -> ast.expr:
    pieces: dict[str, Piece] = {variable: (name(variable), "number") for variable in schedule.VARIABLES}
    tree = FormulaWriter(pieces).write(formula)
    if any(isinstance(node, ast.Call) for node in ast.walk(formula.tree)):
        tree = call(name("float"), [tree])
    return ast.Lambda(_list_arguments(schedule.VARIABLES), tree)


def _define(function: str, parameters: list[str], body: list[ast.stmt]) -> ast.stmt:
    return ast.FunctionDef(function, _list_arguments(parameters), body, [], None, None)


def _list_arguments(names: list[str] | tuple[str, ...]) -> ast.arguments:
    return ast.arguments([], [ast.arg(one) for one in names], None, [], [], None, [])
