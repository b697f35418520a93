"""What a document may ask Keras to make: an allow-list of classes, and a look through every nested config."""

import difflib
import re
from collections.abc import Iterator, Mapping
from functools import cache

import keras
from pydantic import JsonValue

from engine.errors import EngineError
from engine.layers import application_layers, operations
from engine.layers.code import PACKAGE as CODE_PACKAGE
from engine.layers.code import load_code_class
from engine.layers.discover import SECTIONS, discover_classes, discover_functions, find_class
from engine.layers.own.registry import PACKAGE, find_own_class, list_own_classes

MAX_CONFIG_DEPTH = 64
MAX_CONFIG_VALUES = 1_000_000

REFUSED_LAYERS: dict[str, str] = {
    "Lambda": "it runs Python code that is stored in the document",
    "TorchModuleWrapper": "it wraps a Python object of PyTorch, which a document cannot hold",
    "FlaxLayer": "it wraps a Python object of Flax, which a document cannot hold",
    "JaxLayer": "it runs a Python function, which a document cannot hold",
    "TFSMLayer": "it loads a program from a folder of this machine",
}
"""Layers that Keras has and that a document cannot use, with the reason."""

WAYS_OUT = {"Lambda": "Take the layer Expression (package layerloom), whose formula is computed and not run."}
"""What to do instead, where there is something better to say than to take another layer."""

REFUSED_CALLBACKS: dict[str, str] = {
    "LambdaCallback": "it runs Python functions, which a document cannot hold; from Python, fit_model takes one",
    "CallbackList": "it is the list that Keras keeps the other callbacks in",
    "OrbaxCheckpoint": "it needs the package orbax-checkpoint, and every run has checkpoints already",
}

REFUSED_OTHERS: dict[str, str] = {
    "MultiOptimizer": "it gives each variable an optimizer, and a document cannot name a variable",
    "MeanMetricWrapper": "it wraps a Python function, which a document cannot hold",
}

REFUSED_CLASSES = {**REFUSED_LAYERS, **REFUSED_CALLBACKS, **REFUSED_OTHERS}

PATH_ARGUMENTS = {"filepath", "filename", "backup_dir", "log_dir", "directory", "embeddings_metadata"}
"""Arguments of callbacks that name a place inside the run's folder."""

NAMES_ONLY = {"embeddings_metadata"}
"""Those of them that are only written down, beside what the callback writes: nothing is written there."""

DATA_MARKERS = {"__keras_tensor__", "__tensor__", "__numpy__", "__bytes__", "__ellipsis__", "__slice__"}
"""Class names by which Keras's format says plain data."""

NESTED_SECTIONS = [section for section in SECTIONS if section != "callbacks"]
"""The parts of Keras whose objects may stand inside another one's config."""

Path = tuple[str | int, ...]

OUTSIDE = re.compile(r"[/\\~]|[A-Za-z]:|[\w+.-]+://")
"""How a path begins that is absolute, of somebody's home, of a drive, or an address."""


class UnsafeConfigError(EngineError):
    """A config asks for what a document may not. `argument` is the path of the value, such as `layer.function`."""

    def __init__(self, code: str, message: str, hint: str | None = None, argument: str | None = None):
        super().__init__(code, message, hint)
        self.argument = argument

    def __reduce__(self) -> tuple[type[EngineError], tuple[object, ...]]:
        return type(self), (self.code, self.message, self.hint, self.argument)


def resolve_layer_class(class_name: str, package: str | None = None, code: str | None = None) -> type:
    """The class that a document's layer names: a layer, or with package `keras.ops` an operation.

    `package` is None for Keras's own layers, `layerloom` for ours, `code` for
    the class that the Python in `code` defines.

    Raises `EngineError` with code `unknown_package`, `unknown_layer_class` or `refused_layer_class`, and `CodeError`.
    """
    if package == CODE_PACKAGE:
        return load_code_class(class_name, code)
    if package == PACKAGE:
        return _resolve_own_class(class_name)
    if package == operations.PACKAGE:
        return _resolve_operation(class_name)
    if package is not None:
        raise EngineError(
            "unknown_package",
            f"The layer {class_name!r} is of package {package!r}; expected one of Keras's own layers (no package) or of"
            f" package {PACKAGE!r} or {operations.PACKAGE!r}.",
            "Replace it by layers that are known here; leave the package out if it is one of Keras's.",
        )
    return _resolve_keras_layer(class_name)


def _resolve_keras_layer(class_name: str) -> type:
    if reason := REFUSED_LAYERS.get(class_name):
        raise EngineError(
            "refused_layer_class",
            f"{class_name} cannot be used: {reason}.",
            WAYS_OUT.get(class_name, "Take other layers for the same job."),
        )
    found = find_class("layers", class_name) or application_layers.find_application_layer(class_name)
    if found is None:
        raise EngineError(
            "unknown_layer_class",
            f"Keras {keras.__version__} has no layer {class_name!r}; expected a class of keras.layers.",
            _suggest(class_name, list(discover_classes("layers"))),
        )
    return found


def _resolve_own_class(class_name: str) -> type:
    if (found := find_own_class("layers", class_name)) is None:
        known = [one.__name__ for one in list_own_classes("layers")]
        raise EngineError(
            "unknown_layer_class",
            f"The package {PACKAGE!r} has no layer {class_name!r}; expected one of {', '.join(known)}.",
            _suggest(class_name, known),
        )
    return found


def _resolve_operation(class_name: str) -> type:
    if (found := operations.find_operation(class_name)) is None:
        raise EngineError(
            "unknown_layer_class",
            f"Keras {keras.__version__} has no operation {class_name!r}; expected a function of keras.ops that takes"
            " tensors.",
            _suggest(class_name, list(operations.discover_operations())),
        )
    return found.value


def check_config_is_safe(class_name: str, config: Mapping[str, JsonValue]) -> None:
    """Looks through a config and everything nested in it, and says nothing where it may be handed to Keras.

    Raises `UnsafeConfigError` (code `refused_class`, `unknown_class`, `refused_function`, `refused_path`,
    `config_too_large`), which names the argument. `class_name` is only for the messages.
    """
    for count, (path, value) in enumerate(_walk(config), start=1):
        if len(path) > MAX_CONFIG_DEPTH or count > MAX_CONFIG_VALUES:
            raise UnsafeConfigError(
                "config_too_large",
                f"The config of {class_name} is nested deeper than {MAX_CONFIG_DEPTH} levels"
                f" or holds more than {MAX_CONFIG_VALUES} values.",
                "Make it smaller.",
                str(path[0]),
            )
        if path[-1] == "vocabulary" and isinstance(value, str):
            raise UnsafeConfigError(
                "refused_path",
                f"{class_name} got the vocabulary {value[:100]!r}, which Keras takes for a file of this machine;"
                " expected a list of words.",
                "Give the words themselves, as a list.",
                _join(path),
            )
        if isinstance(value, dict) and "class_name" in value:
            _check_object(class_name, value, _join(path))


def check_path_is_relative(class_name: str, argument: str, path: str) -> None:
    """Says nothing where a path stays inside the folder that it is relative to.

    Raises `UnsafeConfigError` with code `refused_path` for an absolute path, an address, or a way out by `..`.
    """
    parts = path.replace("\\", "/").split("/")
    if not path or OUTSIDE.match(path) or ".." in parts or "\0" in path:
        raise UnsafeConfigError(
            "refused_path",
            f"{class_name} got {argument}={path[:200]!r}; expected a path inside the run's own folder.",
            "Give a relative path without '..', such as 'logs'.",
            argument,
        )


def _check_object(owner: str, value: Mapping[str, JsonValue], path: str) -> None:
    name, module, registered = value["class_name"], value.get("module"), value.get("registered_name")
    if isinstance(name, str) and name in DATA_MARKERS and module is None:
        return
    if name == "function":
        _check_function(owner, value, path)
        return
    if reason := REFUSED_CLASSES.get(str(name)):
        raise UnsafeConfigError(
            "refused_class", f"{name}, inside {owner}, cannot be used: {reason}.", "Take it out.", path
        )
    places = _allowed_classes().get(name) if isinstance(name, str) else None
    own = name if any(find_own_class(section, str(name)) for section in NESTED_SECTIONS) else None
    if (
        not places
        or (module is not None and module not in places)
        or registered not in (None, name, own and f"{PACKAGE}>{own}")
    ):
        full_name = f"{module}.{name}" if module else str(name)
        raise UnsafeConfigError(
            "unknown_class",
            f"{owner} names the class {full_name[:200]!r}; expected one that Keras {keras.__version__} itself offers.",
            _suggest(str(name), list(_allowed_classes())),
            path,
        )


def _check_function(owner: str, value: Mapping[str, JsonValue], path: str) -> None:
    name, module, registered = value.get("config"), value.get("module"), value.get("registered_name")
    modules = _allowed_functions().get(name) if isinstance(name, str) else None
    if not modules or module not in (None, "builtins", *modules) or registered not in (None, name):
        raise UnsafeConfigError(
            "refused_function",
            f"{owner} names the function {str(name)[:200]!r} of {module!r};"
            " expected an activation, a loss or a metric of Keras.",
            "Name one of Keras's own functions.",
            path,
        )


@cache
def _allowed_classes() -> dict[str, set[str]]:
    """Every class that a config may name, and the modules that Keras's format may say it is of."""
    allowed: dict[str, set[str]] = {"Functional": {"keras.src.models.functional", "keras", "keras.models"}}
    for section in NESTED_SECTIONS:
        for one in discover_classes(section).values():
            for name in {one.name, one.value.__name__, *one.aliases}:
                allowed.setdefault(name, set()).update({SECTIONS[section][0].__name__, one.value.__module__})
    for module in (keras.models, keras.dtype_policies, keras.quantizers):
        for value in vars(module).values():
            if isinstance(value, type):
                allowed.setdefault(value.__name__, set()).update({"keras", module.__name__, value.__module__})
    for section in NESTED_SECTIONS:
        for value in list_own_classes(section):
            allowed.setdefault(value.__name__, set()).add(value.__module__)
    inner = application_layers.discover_application_layers().values()
    for value in (*inner, *operations.list_operation_classes()):
        allowed.setdefault(value.__name__, set()).add(value.__module__)
    allowed["SeedGenerator"] = {"keras.random", keras.random.SeedGenerator.__module__}
    return allowed


@cache
def _allowed_functions() -> dict[str, set[str]]:
    """Every function that a config may name, and the modules that export it."""
    allowed: dict[str, set[str]] = {}
    for module in (keras.activations, keras.losses, keras.metrics):
        for name in discover_functions(module):
            allowed.setdefault(name, set()).add(module.__name__)
    return allowed


def _walk(config: Mapping[str, JsonValue]) -> Iterator[tuple[Path, JsonValue]]:
    """Every value inside the config with its path, outer ones first. No recursion: a document is not trusted."""
    waiting: list[tuple[Path, JsonValue]] = [((key,), value) for key, value in config.items()]
    while waiting:
        path, value = waiting.pop()
        yield path, value
        if isinstance(value, dict):
            waiting.extend(((*path, key), inner) for key, inner in value.items())
        elif isinstance(value, (list, tuple)):
            waiting.extend(((*path, index), inner) for index, inner in enumerate(value))


def _join(path: Path) -> str:
    return ".".join(map(str, path))


def _suggest(name: str, known: list[str]) -> str:
    by_lower = {one.lower(): one for one in known if one not in REFUSED_CLASSES}
    close = [by_lower[one] for one in difflib.get_close_matches(name.lower(), by_lower, n=3)]
    return f"Did you mean {' or '.join(close)}?" if close else "Take one from the catalogue."
