"""The architectures of `keras.applications`, made by name and read like any other model."""

import inspect
import json
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

import keras
from pydantic import JsonValue

from engine.errors import EngineError
from engine.layers.scope import open_symbolic_scope, record_warnings
from engine.models.explain import read_message
from engine.models.importing.configs import import_config
from engine.models.importing.plain_json import parse_json
from engine.models.importing.results import ImportResult
from engine.models.importing.taking_weights import take_weights
from engine.models.limits import DEFAULT_LIMITS, Limits
from engine.models.weights import get_weights, write_weights

Arguments = Mapping[str, JsonValue]
REFUSED = {"input_tensor": "a document has no tensor to give it"}


def list_applications() -> dict[str, Callable[..., "keras.Model"]]:
    """The functions that make an architecture, by name."""
    return {name: value for name, value in sorted(vars(keras.applications).items()) if name[:1].isupper()}


def import_application(
    name: str, arguments: Arguments, weights_path: Path | None = None, limits: Limits = DEFAULT_LIMITS
) -> ImportResult:
    """The document of an architecture. Its weights are random unless `arguments` ask for others, which Keras downloads;
    these are written to `weights_path`.

    Raises `EngineError` `unknown_application`, `invalid_argument` or `download_failed`.
    """
    functions = list_applications()
    if name not in functions:
        raise EngineError(
            "unknown_application",
            f"Keras {keras.__version__} has no application {name[:100]!r}; expected one of {', '.join(functions)}.",
            "GET /api/catalogue lists them.",
        )
    config = {"weights": None, **arguments}
    _check_arguments(name, functions[name], config)
    downloads = config["weights"] is not None
    with nullcontext() if downloads else open_symbolic_scope(), record_warnings():
        model = _make(name, functions[name], config)
        text = model.to_json()
    result = import_config(parse_json(text.encode(), limits), limits)
    result.name = name
    if downloads and weights_path is not None:
        with TemporaryDirectory(prefix="layerloom-import-") as folder:
            downloaded = Path(folder) / "weights.npz"
            write_weights(downloaded, get_weights(model))
            return take_weights(result, downloaded, weights_path)
    return result


def _check_arguments(name: str, function: Callable[..., "keras.Model"], arguments: Arguments) -> None:
    known = [parameter for parameter in inspect.signature(function).parameters if parameter not in REFUSED]
    for argument, value in arguments.items():
        if argument not in known:
            reason = f": {REFUSED[argument]}" if argument in REFUSED else ""
            raise EngineError(
                "invalid_argument",
                f"{name} takes no argument {argument[:100]!r} here{reason}; expected {', '.join(known)}.",
                "Leave it out.",
            )
        if argument == "weights" and not (value is None or (isinstance(value, str) and value.isidentifier())):
            raise EngineError(
                "invalid_argument",
                f"{name} got weights={json.dumps(value)[:100]}; expected null or the name of a data set such as"
                " 'imagenet', never a file.",
                "Import the architecture without weights, and then the weights from their file.",
            )


def _make(name: str, function: Callable[..., "keras.Model"], config: Arguments) -> "keras.Model":
    given = {key: tuple(value) if isinstance(value, list) else value for key, value in config.items()}
    try:
        return function(**given)
    except Exception as error:
        text = read_message(error)
        if config["weights"] is not None and ("URL fetch failure" in text or isinstance(error, OSError)):
            raise EngineError(
                "download_failed",
                f"The weights {config['weights']!r} of {name} could not be downloaded: {text}.",
                "Connect this machine to the network, or import the architecture without weights.",
            ) from error
        message = f"{name} refuses its arguments: {text.rstrip('.')}."
        raise EngineError("invalid_argument", message, "Change the arguments.") from error
