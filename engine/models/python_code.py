"""A graph as readable Python that makes the same model with plain Keras."""

import ast
from collections.abc import Mapping, Sequence

import black
from pydantic import JsonValue

from engine.errors import EngineError
from engine.graph.document import Graph
from engine.graph.name_rules import suggest_name
from engine.layers.learned import has_unlearned
from engine.layers.scope import open_symbolic_scope
from engine.models.builder import Trace, trace_graph
from engine.models.model_ends import list_output_names
from engine.models.python_adapting import (
    list_adapt_names,
    list_adapt_sources,
    refuse_what_cannot_learn,
)
from engine.models.python_applications import list_application_imports
from engine.models.python_data import DataCode, DataFinder, write_load_functions
from engine.models.python_expressions import take_out_formulas
from engine.models.python_model import ModelFunction
from engine.models.python_operations import list_helpers
from engine.models.python_own import list_own_sources
from engine.models.python_sources import list_sources
from engine.models.python_training import write_compile_function, write_fit_function, write_main, write_precision
from engine.models.unlearned import stand_in

STYLE = black.Mode(line_length=100)


RESERVED = {
    "keras", "layers", "os", "build_model", "compile_model", "train_model", "load_data", "load_validation_data",
    "model", "x", "y", "sample_weight", "validation_data",
}  # fmt: skip
"""What exported files call their own things."""


def write_python(
    graph: Graph,
    name: str,
    training: Mapping[str, JsonValue] | None = None,
    find_data: DataFinder | None = None,
) -> str:
    """A module with `build_model` and, for a run's config, `compile_model`, `train_model` and `load_data`.

    `find_data` says how the data of the config is loaded; where it cannot say, `load_data` is left out.
    `build_model` takes the samples that train the model where preprocessing layers have still to learn from them.
    Raises `GraphError` with the issues where the graph does not build, or code could not fit such a layer.
    """
    name = suggest_name(name)
    taken = RESERVED | (list_adapt_names() if has_unlearned(graph) else set())
    with open_symbolic_scope():
        trace = trace_graph(stand_in(graph), name)
        refuse_what_cannot_learn(graph, trace, (training or {}).get("precision"))
        outputs = list_output_names(trace.model)
        data, about_data = _find_data(trace, outputs, training, find_data)
        taken |= {name for loader in data.loaders for name in loader.names} if data else set()
        functions = write_model_functions(graph, name, trace, taken)
    if training is not None:
        training, formulas = take_out_formulas(training, taken)
        functions += [*formulas, write_compile_function(training, outputs), write_fit_function(training, about_data)]
    main = write_main(training, data, learns=has_unlearned(graph))
    adapting = list_adapt_sources(functions)
    head = [
        ast.Expr(ast.Constant(f"The Keras model {name}, exported by Layerloom.")),
        *_list_imports(graph, [*functions, *main], data, adapting[0]),
        *write_precision(training or {}),
    ]
    sources = [*list_own_sources(graph), *list_sources(graph), *_list_definitions(data), *adapting[1]]
    pieces = [_unparse(head), *sources, *list_helpers(functions), _unparse([*functions, *main])]
    return black.format_str("\n\n".join(pieces), mode=STYLE)


def _find_data(
    trace: Trace, outputs: list[str], training: Mapping[str, JsonValue] | None, find_data: DataFinder | None
) -> tuple[DataCode | None, str | None]:
    """How the data is loaded, or else why the file does not say so."""
    if training is None:
        return None, None
    settings = training.get("data")
    about = f"those of the data set {settings.get('dataset')!r}." if isinstance(settings, dict) else "yours."
    if find_data is None:
        return None, about
    try:
        return find_data([tensor.name for tensor in trace.model.inputs], outputs), None
    except EngineError as error:
        return None, f"{about} How they are loaded is not known: {error.message}"


def _list_definitions(data: DataCode | None) -> list[str]:
    return [] if data is None else [*data.definitions, *write_load_functions(data)]


def _list_imports(
    graph: Graph, functions: list[ast.stmt], data: DataCode | None, more: Sequence[str]
) -> list[ast.stmt]:
    """Every import that the file needs, in the order in which a person sorts them."""
    used = {node.id for one in functions for node in ast.walk(one) if isinstance(node, ast.Name)}
    texts = {
        *(text for word, text in USED_IMPORTS.items() if word in used),
        "import keras",
        "from keras import layers",
        *(data.imports if data else ()),
        *more,
    }
    texts |= {ast.unparse(statement) for statement in list_application_imports(graph)}
    ordered = sorted(texts, key=lambda text: (not text.startswith("import"), text))
    return ast.parse("\n".join(["import os", *ordered] if "os" in used else ordered)).body


USED_IMPORTS = {
    "contextlib": "import contextlib",
    "math": "import math",
    "np": "import numpy as np",
    "compute_class_weight": "from sklearn.utils.class_weight import compute_class_weight",
}
"""What functions may use by these names, beside Keras."""


def _unparse(statements: list[ast.stmt]) -> str:
    return ast.unparse(ast.fix_missing_locations(ast.Module(statements, [])))


def write_model_functions(graph: Graph, name: str, trace: Trace, taken: set[str]) -> list[ast.stmt]:
    """A function for each nested graph, the innermost first, and `build_model` for the graph itself.

    `taken` are the names that the file has already; those of the functions are added.
    """
    return ModelFunction(graph, trace, "build_model", name, taken).write_all()
