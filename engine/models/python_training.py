"""The functions of exported code that compile a model and fit it."""

import ast
import inspect
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

import keras
from pydantic import JsonValue

from engine.layers.safety import NAMES_ONLY, PATH_ARGUMENTS
from engine.models.model_ends import unwrap_only_output
from engine.models.python_data import DataCode, take_rows
from engine.models.python_settings import find_setting_class, write_setting
from engine.models.python_values import call, name, write_value

COMPILE_SECTIONS = {
    "optimizer": "optimizers",
    "loss": "losses",
    "metrics": "metrics",
    "weighted_metrics": "metrics",
}
"""In which part of Keras the objects of a compile setting are."""


def write_compile_function(training: Mapping[str, JsonValue], outputs: Sequence[str]) -> ast.stmt:
    """`compile_model(model)` for outputs of these names, with the settings that differ from Keras's defaults."""
    settings: Mapping[str, object] = _read_settings(training, "compile")
    if len(outputs) == 1:
        settings = unwrap_only_output(settings, outputs[0])
    arguments = {
        key: write_setting(COMPILE_SECTIONS[key], value) if key in COMPILE_SECTIONS else write_value(value)
        for key, value in settings.items()
        if value not in (None, [], {})
    }
    body = ast.Expr(call(name("model.compile"), **arguments))
    return _define("compile_model", ["model"], [body], None, "Compile the model as it was compiled in Layerloom.")


def write_fit_function(training: Mapping[str, JsonValue], about_data: str | None = None) -> ast.stmt:
    """`train_model(model, x, y)`, which compiles, fits, and answers Keras's History.

    Where the run has them, it takes the weights of samples and what to validate on too. `about_data` says where x and
    y come from, where the file does not load them.
    """
    defaults = inspect.signature(keras.Model.fit).parameters
    settings = {
        key: _restore_class_labels(value) if key == "class_weight" else value
        for key, value in _read_settings(training, "fit").items()
        if value is not None and (key not in defaults or defaults[key].default != value)
    }
    balanced = settings.pop("class_weight", None) if settings.get("class_weight") == "balanced" else None
    extra = list_extra_data(training)
    arguments: dict[str, ast.expr] = {one: name(one) for one in extra}
    arguments |= {key: write_value(value) for key, value in settings.items()}
    body: list[ast.stmt] = []
    callbacks = training.get("callbacks")
    if isinstance(callbacks, list) and callbacks:
        folders = list(dict.fromkeys(folder for one in callbacks for folder in _list_folders(one)))
        body = [
            ast.Expr(call(name("os.makedirs"), [ast.Constant(folder)], exist_ok=ast.Constant(value=True)))
            for folder in folders
        ]
        arguments["callbacks"] = write_setting("callbacks", callbacks)
    if balanced:
        body += write_balance(training)
        arguments["class_weight"] = name("class_weight")
    body.append(ast.Expr(call(name("compile_model"), [name("model")])))
    body.append(ast.Return(call(name("model.fit"), [name("x"), name("y")], **arguments)))
    text = _describe_training(training, about_data)
    return _define("train_model", ["model", "x", "y", *extra], body, "keras.callbacks.History", text)


def write_balance(training: Mapping[str, JsonValue]) -> list[ast.stmt]:
    """`class_weight` by how often each class is among the samples that train: without the last ones, if `fit` takes
    those for validation.
    """
    split = _read_settings(training, "fit").get("validation_split") or 0
    trained = f"y[: math.floor(len(y) * (1 - {split}))]" if split else "y"
    lines = [
        f"labels = {trained}",
        "labels = labels.argmax(axis=1) if labels.ndim > 1 and labels.shape[1] > 1 else labels.ravel()",
        "classes = np.unique(labels)",
        'weights = compute_class_weight("balanced", classes=classes, y=labels)',
        "class_weight = {int(label): float(weight) for label, weight in zip(classes, weights)}",
    ]
    return ast.parse("\n".join(lines)).body


def list_extra_data(training: Mapping[str, JsonValue]) -> list[str]:
    """What `fit` gets beside x and y, by the names of its arguments."""
    settings = _read_settings(training, "data")
    names = {"sample_weight": ("sample_weights",), "validation_data": ("validation", "split")}
    return [argument for argument, keys in names.items() if any(settings.get(key) is not None for key in keys)]


def write_precision(training: Mapping[str, JsonValue]) -> list[ast.stmt]:
    """The dtype policy, which has to be set before a model is built; nothing for Keras's default."""
    if (precision := training.get("precision", "float32")) == "float32":
        return []
    return [ast.Expr(call(name("keras.config.set_dtype_policy"), [write_value(precision)]))]


def write_main(
    training: Mapping[str, JsonValue] | None, data: DataCode | None, *, learns: bool = False
) -> list[ast.stmt]:
    """What the file does when it is run: it builds, and where it can load the data it trains too.

    Where the model `learns` from the samples that train it, there is nothing to be done without data.
    """
    if learns and data is None:
        return []
    if training is not None and data is not None and data.split is not None and data.split.is_folded:
        return _write_folded_main(training, data, take_rows(data, "training")[0] if learns else "")
    given_to_build = _take_training_samples(training or {}, data) if learns and data is not None else ""
    lines = [f"model = build_model({given_to_build})", "model.summary()"]
    if training is not None:
        lines.insert(0, f"keras.utils.set_random_seed({int(str(training.get('seed') or 0))})")
    if data is not None:
        extra = list_extra_data(training or {})
        divided = data.split is not None
        given = ["x", "y", *(one for one in extra if one == "sample_weight" or divided)]
        lines.insert(1, f"{', '.join(given)} = load_data()")
        if "validation_data" in extra and not divided:
            lines.insert(2, "validation_data = load_validation_data()")
        lines += [
            f"history = train_model({', '.join(['model', 'x', 'y', *extra])})",
            "for metric, values in history.history.items():",
            "    print(metric, values[-1])",
        ]
    return ast.parse("\n    ".join(['if __name__ == "__main__":', *lines])).body


def _take_training_samples(training: Mapping[str, JsonValue], data: DataCode) -> str:
    """x without the last samples where `fit` takes those for validation."""
    split = _read_settings(training, "fit").get("validation_split") or 0
    if not split:
        return "x"
    taken = "{0}[: math.floor(len({0}) * (1 - " + str(split) + "))]"
    return taken.format("x") if len(data.inputs) == 1 else f"[{taken.format('one')} for one in x]"


def _write_folded_main(training: Mapping[str, JsonValue], data: DataCode, samples: str) -> list[ast.stmt]:
    """One model for each fold, which begins as the others do. `samples` are those that it learns from, if any."""
    weights = ["sample_weight"] if data.sample_weights is not None else []
    x, y, *weight = take_rows(data, "training")
    given = ["model", x, y, *weight, f"({', '.join(take_rows(data, 'validation'))})"]
    fit = f"history = train_model({', '.join(given)})"
    lines = [
        'if __name__ == "__main__":',
        f"{', '.join(['x', 'y', *weights, 'folds'])} = load_data()",
        "histories = []",
        "for fold, (training, validation) in enumerate(folds, 1):",
        f"    keras.utils.set_random_seed({int(str(training.get('seed') or 0))})",
        f"    model = build_model({samples})",
        *(f"    {line}" for line in (_write_in_folder(fit) if _writes_files(training) else [fit])),
        "    histories.append(history.history)",
        "    for metric, values in history.history.items():",
        '        print(f"fold_{fold}/{metric}", values[-1])',
        "for metric in histories[0]:",
        "    last = [history[metric][-1] for history in histories]",
        '    print(f"mean/{metric}", np.mean(last, axis=0), f"std/{metric}", np.std(last, axis=0))',
    ]
    return ast.parse("\n    ".join(lines)).body


def _write_in_folder(fit: str) -> list[str]:
    """What callbacks write goes into a folder for each fold, or each would overwrite what those before it wrote."""
    return [
        'os.makedirs(f"fold_{fold}", exist_ok=True)',
        'with contextlib.chdir(f"fold_{fold}"):',
        f"    {fit}",
    ]


def _describe_training(training: Mapping[str, JsonValue], about_data: str | None) -> str:
    text = "Train the model as it was trained in Layerloom."
    if about_data is not None:
        text += f" x and y are the inputs and targets: {about_data}"
        for one in list_extra_data(training):
            text += f" {one} is as keras.Model.fit takes it."
    if training.get("weights"):
        text += (
            "\n\n    There it started with stored weights: load them into the model first (`model.load_weights`), from"
            " the export of the weights alone.\n    "
        )
    return text


def _list_folders(callback: object) -> list[str]:
    """The folders that a callback writes to, as far as Keras does not make them."""
    config = callback.get("config") if isinstance(callback, dict) else None
    written = PATH_ARGUMENTS - NAMES_ONLY
    paths = [str(config[key]) for key in sorted(written & config.keys())] if isinstance(config, dict) else []
    folders = [str(PurePosixPath(path).parent) for path in paths if "/" in path.strip("/")]
    # Keras makes those that are named after epochs.
    return [folder for folder in folders if "{" not in folder]


def _writes_files(training: Mapping[str, JsonValue]) -> bool:
    """Whether a callback writes files, also where it is left to Keras to say where."""
    callbacks = training.get("callbacks")
    named = [one.get("class_name") for one in callbacks if isinstance(one, dict)] if isinstance(callbacks, list) else []
    found = [find_setting_class("callbacks", str(one)) for one in named]
    written = PATH_ARGUMENTS - NAMES_ONLY
    return any(one is not None and written & inspect.signature(one).parameters.keys() for one in found)


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
