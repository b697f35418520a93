"""The catalogue: everything that the installed Keras offers by name, made by asking it."""

import gc
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cache

import keras
import ml_dtypes
import numpy as np

from engine.layers.applications import describe_applications
from engine.layers.arguments import BASE_ARGUMENTS, describe_arguments, describe_base_arguments
from engine.layers.call import describe_call
from engine.layers.discover import SECTIONS, KerasClass, discover_classes, discover_functions
from engine.layers.docstrings import read_docstring
from engine.layers.examples import find_example
from engine.layers.expressions.names import describe_functions
from engine.layers.headings import name_category, order_categories
from engine.layers.neighbours import borrow_from_neighbours
from engine.layers.operation_entries import describe_operations
from engine.layers.overlay import DOCUMENTED_BY
from engine.layers.own.registry import PACKAGE, list_own_classes
from engine.layers.probing import Probe
from engine.layers.refinement import refine_argument
from engine.layers.safety import REFUSED_CLASSES
from engine.layers.schema import Catalogue, Entry
from engine.layers.scope import open_symbolic_scope


@cache
def build_catalogue() -> Catalogue:
    """Everything that the installed Keras offers. Takes some seconds, once per process; allocates no weights."""
    with _undisturbed():
        sections = {section: describe_section(section) for section in SECTIONS}
        operations = describe_operations()
    return Catalogue(
        keras_version=keras.__version__,
        backend=keras.backend.backend(),
        categories=order_categories(entry.category for entry in sections["layers"]),
        operation_categories=sorted({entry.category for entry in operations}),
        operations=operations,
        **sections,
        activations=list(discover_functions(keras.activations)),
        applications=describe_applications(),
        dtypes=list_dtypes(),
        functions=describe_functions(),
    )


def describe_section(section: str) -> list[Entry]:
    """The entries of one of `SECTIONS`, in alphabetical order."""
    own = [KerasClass(value.__name__, value, ()) for value in list_own_classes(section)]
    classes = sorted([*discover_classes(section).values(), *own], key=lambda one: one.name)
    described = [(one, _describe(section, one)) for one in classes]
    entries = borrow_from_neighbours([entry for _, entry in described])
    # Making real variables is half of the work, and only optimizers insist on it.
    with nullcontext() if section == "optimizers" else open_symbolic_scope():
        return [_refine(one.value, entry) for (one, _), entry in zip(described, entries, strict=True)]


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keeps quiet what Keras warns of when it is tried out, and the garbage collector, which takes a fifth of the time:
    thousands of layers are made and dropped."""
    collects = gc.isenabled()
    gc.disable()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        if collects:
            gc.enable()


def list_dtypes() -> list[str]:
    """The dtypes and dtype policies that a layer can take: of all that NumPy has names for, those that Keras takes."""
    plain = {*map(str, np.sctypeDict), *dir(ml_dtypes), "string"}
    return sorted(name for name in (*plain, *(f"mixed_{one}" for one in plain)) if _is_policy(name))


def _is_policy(name: str) -> bool:
    try:
        policy = keras.dtype_policies.get(name)
        return bool(keras.backend.standardize_dtype(policy.compute_dtype) == name.removeprefix("mixed_"))
    except ValueError:
        return False


def _describe(section: str, one: KerasClass) -> Entry:
    docstring = read_docstring(one.value)
    help_source = read_docstring(DOCUMENTED_BY.get(one.name, one.value))
    refusal = REFUSED_CLASSES.get(one.name)
    return Entry(
        class_name=one.name,
        package=PACKAGE if one.value in list_own_classes(section) else None,
        category=name_category(section, one.value),
        summary=docstring.summary or help_source.summary,
        help=docstring.description or help_source.description,
        aliases=list(one.aliases),
        arguments=[] if refusal else describe_arguments(one.value, help_source),
        call=describe_call(one.value, docstring) if section == "layers" and not refusal else [],
        unavailable=f"{one.name} cannot be used: {refusal}." if refusal else None,
    )


def _refine(value: type, entry: Entry) -> Entry:
    """The entry with what only Keras's own constructor can tell."""
    if entry.unavailable:
        return entry
    example, refusal = find_example(value, entry.arguments)
    if refusal:
        return entry.model_copy(update={"unavailable": f"Keras cannot make a {entry.class_name} here: {refusal}"})
    probe = Probe(value, example)
    base = describe_base_arguments(value, read_docstring(value))
    kept = probe.keeps({one.name: BASE_ARGUMENTS[one.name] for one in base})
    refined = [refine_argument(one, probe) for one in entry.arguments]
    return entry.model_copy(
        update={"arguments": [*refined, *(one for one in base if one.name in kept)], "example": example}
    )
