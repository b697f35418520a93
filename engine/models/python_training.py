"""The functions of exported code that compile a model and fit it."""

import ast
import inspect
from collections.abc import Mapping

import keras
from pydantic import JsonValue

from engine.models.python_values import call, name, write_argument, write_value

COMPILE_SECTIONS = {
    "optimizer": ["optimizers"],
    "loss": ["losses"],
    "metrics": ["metrics"],
    "weighted_metrics": ["metrics"],
}
"""In which part of Keras the objects of a compile setting are."""


def write_compile_function(training: Mapping[str, JsonValue]) -> ast.stmt:
    """`compile_model(model)`, with the settings that differ from Keras's defaults."""
    settings = _read_settings(training, "compile")
    arguments = {
        key: write_argument(value, COMPILE_SECTIONS.get(key, []))
        for key, value in settings.items()
        if value not in (None, [], {})
    }
    body = ast.Expr(call(name("model.compile"), **arguments))
    return _define("compile_model", ["model"], [body], None, "Compile the model as it was compiled in Layerloom.")


def write_fit_function(training: Mapping[str, JsonValue]) -> ast.stmt:
    """`train_model(model, x, y)`, which seeds, compiles, fits, and answers Keras's History."""
    defaults = inspect.signature(keras.Model.fit).parameters
    settings = {
        key: _restore_class_labels(value) if key == "class_weight" else value
        for key, value in _read_settings(training, "fit").items()
        if value is not None and (key not in defaults or defaults[key].default != value)
    }
    arguments = {key: write_value(value) for key, value in settings.items()}
    if callbacks := training.get("callbacks"):
        arguments["callbacks"] = write_argument(callbacks, ["callbacks"])
    body: list[ast.stmt] = []
    if seed := training.get("seed"):
        body.append(ast.Expr(call(name("keras.utils.set_random_seed"), [write_value(seed)])))
    body.append(ast.Expr(call(name("compile_model"), [name("model")])))
    body.append(ast.Return(call(name("model.fit"), [name("x"), name("y")], **arguments)))
    data = _read_settings(training, "data").get("dataset")
    text = f"Train the model; x and y are the inputs and targets of the data set {data!r}."
    return _define("train_model", ["model", "x", "y"], body, "keras.callbacks.History", text)


def _define(function: str, parameters: list[str], body: list[ast.stmt], returns: str | None, text: str) -> ast.stmt:
    annotations = [name("keras.Model") if parameter == "model" else None for parameter in parameters]
    arguments = [ast.arg(parameter, annotation) for parameter, annotation in zip(parameters, annotations, strict=True)]
    return ast.FunctionDef(
        function,
        ast.arguments([], arguments, None, [], [], None, []),
        [ast.Expr(ast.Constant(text)), *body],
        [],
        name(returns) if returns else ast.Constant(None),
        None,
    )


def _read_settings(training: Mapping[str, JsonValue], part: str) -> dict[str, JsonValue]:
    settings = training.get(part)
    return settings if isinstance(settings, dict) else {}


def _restore_class_labels(value: JsonValue) -> object:
    """JSON has only strings as keys; Keras wants the labels as numbers."""
    return {int(label): weight for label, weight in value.items()} if isinstance(value, dict) else value
