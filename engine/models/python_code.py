"""A graph as readable Python that makes the same model with plain Keras."""

import ast
from collections.abc import Mapping

import black
from pydantic import JsonValue

from engine.graph.document import Graph
from engine.graph.name_rules import suggest_name
from engine.layers.scope import open_symbolic_scope
from engine.models.builder import Trace, trace_graph
from engine.models.python_applications import list_application_imports
from engine.models.python_expressions import take_out_formulas
from engine.models.python_model import ModelFunction
from engine.models.python_operations import list_helpers
from engine.models.python_own import list_own_sources
from engine.models.python_sources import list_sources
from engine.models.python_training import write_compile_function, write_fit_function

STYLE = black.Mode(line_length=100)


def write_python(graph: Graph, name: str, training: Mapping[str, JsonValue] | None = None) -> str:
    """A module with `build_model` and, for a run's config, `compile_model` and `train_model`.

    Raises `GraphError` with the issues where the graph does not build.
    """
    name = suggest_name(name)
    taken = {"keras", "layers", "build_model", "compile_model", "train_model", "model", "x", "y"}
    with open_symbolic_scope():
        functions = write_model_functions(graph, name, trace_graph(graph, name), taken)
    if training is not None:
        training, formulas = take_out_formulas(training, taken)
        functions += formulas
        functions += [write_compile_function(training), write_fit_function(training)]
    header = [
        ast.Expr(ast.Constant(f"The Keras model {name}, exported by Layerloom.")),
        ast.Import([ast.alias("keras")]),
        ast.ImportFrom("keras", [ast.alias("layers")], 0),
        *list_application_imports(graph),
    ]
    main = ast.parse('if __name__ == "__main__":\n    model = build_model()\n    model.summary()\n').body
    sources = [*list_own_sources(graph), *list_sources(graph), *list_helpers(functions)]
    pieces = [_unparse(header), *sources, _unparse([*functions, *main])]
    return black.format_str("\n\n".join(pieces), mode=STYLE)


def _unparse(statements: list[ast.stmt]) -> str:
    return ast.unparse(ast.fix_missing_locations(ast.Module(statements, [])))


def write_model_functions(graph: Graph, name: str, trace: Trace, taken: set[str]) -> list[ast.stmt]:
    """A function for each nested graph, the innermost first, and `build_model` for the graph itself.

    `taken` are the names that the file has already; those of the functions are added.
    """
    return ModelFunction(graph, trace, "build_model", name, taken).write_all()
