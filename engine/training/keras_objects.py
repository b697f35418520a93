"""Optimizers, losses, metrics and callbacks, made from their names and configs; nothing else can be made."""

import difflib
import inspect
import math
from collections.abc import Mapping
from functools import cache

import keras
from pydantic import JsonValue

from engine.errors import ConfigError, EngineError
from engine.graph.issues import Issue
from engine.layers.arguments import describe_arguments
from engine.layers.discover import SECTIONS, discover_classes, discover_functions, find_class
from engine.layers.docstrings import read_docstring
from engine.layers.expressions.errors import ExpressionError
from engine.layers.expressions.schedule import Schedule
from engine.layers.own.registry import find_own_class, list_own_classes
from engine.layers.safety import REFUSED_CLASSES, UnsafeConfigError, check_config_is_safe
from engine.training.config import KerasObject, KerasReference

NOUNS = {"optimizers": "optimizer", "losses": "loss", "metrics": "metric", "callbacks": "callback"}
SHORTHANDS: dict[str, frozenset[str]] = {
    "losses": frozenset({"crossentropy", "ce"}),
    "metrics": frozenset({"accuracy", "acc", "crossentropy", "ce"}),
}
"""Names that Keras turns into one of several classes once it knows the shapes."""

SCHEDULES = "learning_rate_schedules"


class ConfigIssues:
    """Gathers what is wrong with a config, so that a person sees all of it at once."""

    def __init__(self) -> None:
        self.issues: list[Issue] = []

    def add(self, code: str, path: str, message: str, hint: str | None = None) -> None:
        """Notes an error in the setting at `path`, such as `compile.loss`."""
        self.issues.append(Issue(code=code, message=message, argument=path, hint=hint))

    def warn(self, code: str, path: str, message: str, hint: str | None = None) -> None:
        """Notes what is only odd about the setting at `path`."""
        self.issues.append(Issue(code=code, message=message, severity="warning", argument=path, hint=hint))

    def raise_if_any(self) -> None:
        """Raises `ConfigError` with everything that was gathered."""
        if self.issues:
            raise ConfigError("invalid_config", self.issues[0].message, self.issues[0].hint, self.issues)


def make_optimizer(reference: KerasReference, path: str) -> "keras.optimizers.Optimizer":
    """A new optimizer.

    Raises:
        ConfigError: Keras has none of that name, or an argument is unknown or refused; the issues name the setting.
    """
    wanted = reference if isinstance(reference, KerasObject) else KerasObject(class_name=reference)
    return _make_instance("optimizers", wanted, path)


def make_loss_or_metric(section: str, reference: KerasReference, path: str) -> object:
    """A new loss (`section` is `losses`) or metric (`metrics`); a name that Keras itself resolves stays a name.

    Raises:
        ConfigError: as `make_optimizer` does.
    """
    if isinstance(reference, KerasObject):
        return _make_instance(section, reference, path)
    if reference in SHORTHANDS[section] or _is_known_to_keras(section, reference):
        return reference
    if (function := discover_functions(SECTIONS[section][0]).get(reference)) is not None:
        return function
    return _make_instance(section, KerasObject(class_name=reference), path)


def make_callback(reference: KerasObject, path: str) -> "keras.callbacks.Callback":
    """A new callback of `keras.callbacks`. Which ones may be used, and where they write, is for the caller to decide.

    Raises:
        ConfigError: as `make_optimizer` does.
    """
    return _make_instance("callbacks", reference, path)


def _make_instance(section: str, wanted: KerasObject, path: str) -> object:
    found = (
        find_class(section, wanted.class_name)
        or find_own_class(section, wanted.class_name)
        or _find_by_lower_case(section, wanted.class_name)
    )
    if found is None:
        raise _unknown_class(section, wanted.class_name, path)
    if reason := REFUSED_CLASSES.get(found.__name__):
        raise _fault("refused_class", path, f"{found.__name__} cannot be used: {reason}.", "Take another one.")
    _check_arguments(found, wanted.config, path)
    config: dict[str, object] = dict(wanted.config)
    if section == "optimizers":
        config |= _make_nested(found, wanted.config, path)
    try:
        if found is keras.callbacks.LearningRateScheduler:
            config["schedule"] = Schedule(wanted.config["schedule"])
        return found(**config)
    except ExpressionError as error:
        argument = "schedule" if "schedule" in config else error.argument
        raise _fault(error.code, f"{path}.{argument}", error.message, error.hint) from error
    except Exception as error:
        raise _refused(found, wanted.config, path, error) from error


def _make_nested(found: type, config: Mapping[str, JsonValue], path: str) -> dict[str, object]:
    """The objects inside an optimizer's config: its schedule, or the optimizer that it wraps."""
    made: dict[str, object] = {}
    for name, section in _list_nested_arguments(found).items():
        value = config.get(name)
        if isinstance(value, str) and section == "optimizers":
            made[name] = make_optimizer(value, f"{path}.{name}")
        elif isinstance(value, dict) or (name in config and section == "optimizers"):
            made[name] = _make_instance(section, _read_object(value, f"{path}.{name}"), f"{path}.{name}")
    return made


@cache
def _list_nested_arguments(found: type) -> dict[str, str]:
    """The arguments that take a schedule or an optimizer, with the section of each. Cached for good: there are few."""
    sections = {"learning_rate_schedule": SCHEDULES, "optimizer": "optimizers"}
    return {
        argument.name: sections[kind]
        for argument in describe_arguments(found, read_docstring(found))
        for kind in argument.kinds
        if kind in sections
    }


def _read_object(value: JsonValue, path: str) -> KerasObject:
    given = value if isinstance(value, dict) else {}
    class_name, config = given.get("class_name"), given.get("config", {})
    if not isinstance(class_name, str) or not isinstance(config, dict):
        raise _fault(
            "invalid_argument",
            path,
            f"Received {value!r}; expected an object with class_name and config.",
            'Such as {"class_name": "ExponentialDecay", "config": {…}}.',
        )
    return KerasObject(class_name=class_name, config=config)


def _check_arguments(found: type, config: Mapping[str, JsonValue], path: str) -> None:
    problems = ConfigIssues()
    parameters = {
        name: parameter
        for name, parameter in inspect.signature(found).parameters.items()
        if parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
    }
    for name, value in config.items():
        if name not in parameters:
            problems.add(
                "unknown_argument",
                f"{path}.{name}",
                f"{found.__name__} has no argument {name!r}; expected one of {', '.join(parameters)}.",
                suggest_name(name, list(parameters)),
            )
        elif expected := _expected_instead(parameters[name].default, value, _list_kinds(found).get(name, ())):
            message = f"{name} of {found.__name__}: expected {expected}; received {value!r}."
            problems.add("invalid_argument", f"{path}.{name}", message)
    for name, parameter in parameters.items():
        if parameter.default is parameter.empty and name not in config:
            message = f"{found.__name__} needs {name!r}; received no value for it."
            problems.add("missing_argument", f"{path}.{name}", message)
    try:
        check_config_is_safe(found.__name__, config)
    except UnsafeConfigError as error:
        problems.add(error.code, f"{path}.{error.argument}" if error.argument else path, error.message, error.hint)
    problems.raise_if_any()


@cache
def _list_kinds(found: type) -> dict[str, tuple[str, ...]]:
    """What each argument takes, as its documentation says. Cached for good: there are few classes."""
    return {one.name: tuple(one.kinds) for one in describe_arguments(found, read_docstring(found))}


def _expected_instead(default: object, value: JsonValue, kinds: tuple[str, ...]) -> str | None:
    """What an argument with that default takes, in words, where the value is something else. Keras often looks late.

    A text may stand for a number that the argument takes too: `save_freq` is "epoch" or 100.
    """
    if isinstance(value, float) and not math.isfinite(value):
        return "a finite number"
    if value is None or isinstance(value, (dict, list)):
        return None
    if isinstance(default, bool):
        return None if isinstance(value, bool) else "true or false"
    if isinstance(default, (int, float)):
        return None if isinstance(value, (int, float)) and not isinstance(value, bool) else "a number"
    if isinstance(default, str):
        if "integer" in kinds and isinstance(value, int) and not isinstance(value, bool):
            return None
        return None if isinstance(value, str) else "a text or a whole number" if "integer" in kinds else "a text"
    return None


def suggest_name(name: str, known: list[str]) -> str | None:
    """A hint with the names closest to a mistyped one."""
    by_lower = {one.lower(): one for one in known}
    close = [by_lower[one] for one in difflib.get_close_matches(name.lower(), by_lower, n=3)]
    return f"Did you mean {' or '.join(repr(one) for one in close)}?" if close else None


def _find_by_lower_case(section: str, name: str) -> type | None:
    """Keras takes `"adam"` for `Adam`."""
    return next((one.value for one in discover_classes(section).values() if one.name.lower() == name.lower()), None)


def _is_known_to_keras(section: str, name: str) -> bool:
    """Whether Keras's own `get` makes something of the name: it has short names (`mse`) that nothing else lists."""
    try:
        SECTIONS[section][0].get(name)
    except (TypeError, ValueError):
        return False
    return True


def _unknown_class(section: str, name: str, path: str) -> EngineError:
    noun = NOUNS.get(section, "learning rate schedule")
    usable = [one for one in discover_classes(section) if one not in REFUSED_CLASSES]
    usable += [one.__name__ for one in list_own_classes(section)]
    known = [*usable, *sorted(SHORTHANDS.get(section, ()))]
    functions = discover_functions(SECTIONS[section][0]) if section in SHORTHANDS else {}
    return _fault(
        f"unknown_{noun.replace(' ', '_')}",
        path,
        f"Keras {keras.__version__} has no {noun} {name!r}; expected one of {', '.join(known)}.",
        suggest_name(name, [*known, *functions]),
    )


def _refused(found: type, config: Mapping[str, JsonValue], path: str, error: Exception) -> EngineError:
    """What Keras says about a config that it does not take, at the argument that it speaks of where there is one."""
    message = " ".join(str(error).split()) or type(error).__name__
    named = next(
        (name for name in config if f"`{name}`" in message or f"'{name}'" in message or f"{name}=" in message), None
    )
    where = f"{path}.{named}" if named else path
    received = repr(config[named]) if named else repr(dict(config))
    return _fault("invalid_argument", where, f"{found.__name__}: {message} (Received: {received})")


def _fault(code: str, path: str, message: str, hint: str | None = None) -> ConfigError:
    return ConfigError("invalid_config", message, hint, [Issue(code=code, message=message, argument=path, hint=hint)])
