"""Optimizers, losses, metrics and callbacks of a run's config as Python expressions, made as training makes them."""

import ast
from collections.abc import Callable, Mapping

from pydantic import JsonValue

from engine.layers.arguments import describe_arguments
from engine.layers.discover import SECTIONS, discover_classes, discover_functions, find_class
from engine.layers.docstrings import read_docstring
from engine.models.python_values import call, name, write_constructor, write_value

NESTED_SECTIONS = {"learning_rate_schedule": "learning_rate_schedules", "optimizer": "optimizers"}
"""The kinds of an optimizer's arguments that are objects themselves, and where their classes are."""


def write_setting(section: str, value: object) -> ast.expr:
    """A reference to one of Keras's objects, or lists and dictionaries of them; `section` is one of `SECTIONS`."""
    if isinstance(value, str):
        return _write_name(section, value)
    if isinstance(value, list):
        return ast.List([write_setting(section, inner) for inner in value])
    if isinstance(value, dict) and isinstance(value.get("class_name"), str):
        return write_object(section, value["class_name"], value.get("config") or {})
    if isinstance(value, dict):
        return ast.Dict([ast.Constant(key) for key in value], [write_setting(section, one) for one in value.values()])
    return write_value(value)


def write_object(section: str, class_name: str, config: Mapping[str, JsonValue]) -> ast.expr:
    """The call that makes the object; where Keras has no such class it is left to Keras to say so."""
    found = find_setting_class(section, class_name)
    if found is None:
        unknown = {"class_name": class_name, "config": dict(config)}
        return call(name("keras.saving.deserialize_keras_object"), [write_value(unknown)])

    def write(argument: str, value: JsonValue) -> ast.expr:
        inner = _find_section(found, argument) if section == "optimizers" else None
        if isinstance(value, str) and inner == "optimizers":
            return write_object(inner, value, {})
        return write_setting(inner, value) if inner and isinstance(value, dict) else write_value(value)

    return write_constructor(_name_class(section, found), found, config, write)


def find_setting_class(section: str, class_name: str) -> type | None:
    """Keras's class of that name, however it is spelled; None where there is none."""
    return find_class(section, class_name) or _find_by_lower_case(section, class_name)


def _write_name(section: str, text: str) -> ast.expr:
    """The name as it is where Keras's own `get` knows it or nobody does, otherwise the function or class it is of."""
    module = SECTIONS[section][0]
    if _is_known(module.get, text):
        return ast.Constant(text)
    if text in discover_functions(module):
        return name(f"{module.__name__.replace('keras.api.', 'keras.')}.{text}")
    found = find_setting_class(section, text)
    return ast.Constant(text) if found is None else call(_name_class(section, found))


def _is_known(get: Callable[[str], object], text: str) -> bool:
    try:
        get(text)
    except (TypeError, ValueError):
        return False
    return True


def _name_class(section: str, found: type) -> ast.expr:
    exported = next(one.name for one in discover_classes(section).values() if one.value is found)
    return name(f"{SECTIONS[section][0].__name__.replace('keras.api.', 'keras.')}.{exported}")


def _find_by_lower_case(section: str, text: str) -> type | None:
    return next((one.value for one in discover_classes(section).values() if one.name.lower() == text.lower()), None)


def _find_section(found: type, argument: str) -> str | None:
    """Where the class of the argument's value is; None where the argument takes no object."""
    kinds = [one.kinds for one in describe_arguments(found, read_docstring(found)) if one.name == argument]
    return next((NESTED_SECTIONS[kind] for kind in (kinds[0] if kinds else ()) if kind in NESTED_SECTIONS), None)
