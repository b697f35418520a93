"""The code of the functions that read data sets, gathered from their modules as it stands there."""

import ast
import inspect
import sys
from collections.abc import Callable
from functools import cache

from engine.models.python_data import LoaderCode

HOME = "engine.data.loaders."
"""Where the modules are whose code is brought along; others are imported."""


def read_loader_code(function: Callable[..., object]) -> LoaderCode:
    """A function of `engine.data.loaders` with every function and constant that it uses, and what it imports."""
    reader = _Reader()
    reader.take(function.__module__, function.__name__)
    return LoaderCode(
        function.__name__, tuple(reader.imports), tuple(reader.definitions.values()), frozenset(reader.names)
    )


class _Reader:
    def __init__(self) -> None:
        self.imports: dict[str, None] = {}
        self.definitions: dict[str, str] = {}
        self.names: set[str] = set()

    def take(self, module: str, name: str) -> None:
        """Takes what the name stands for in the module, after all that it needs; nothing where it is no global."""
        statement, text = _read_module(module).get(name, (None, ""))
        if statement is None:
            return
        if isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith(HOME):
            self.take(str(statement.module), name)
        elif name not in self.names:
            self.names.add(name)
            if isinstance(statement, ast.Import | ast.ImportFrom):
                self.imports[text] = None
                return
            for used in dict.fromkeys(node.id for node in ast.walk(statement) if isinstance(node, ast.Name)):
                self.take(module, used)
            self.definitions[name] = text


@cache
def _read_module(module: str) -> dict[str, tuple[ast.stmt, str]]:
    """What each name of the module's top level stands for, with its text. Cached for good: there are few modules."""
    source = inspect.getsource(sys.modules[module])
    found: dict[str, tuple[ast.stmt, str]] = {}
    last: str | None = None
    for statement in ast.parse(source).body:
        text = ast.get_source_segment(source, statement) or ""
        if isinstance(statement, ast.Expr) and last is not None:
            # What is said about a constant stands after it.
            found[last] = (found[last][0], f"{found[last][1]}\n{text}")
        last = None
        if isinstance(statement, ast.FunctionDef):
            found[statement.name] = (statement, text)
        elif isinstance(statement, ast.Assign) and isinstance(target := statement.targets[0], ast.Name):
            last = target.id
            found[last] = (statement, text)
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            for alias in statement.names:
                found[alias.asname or alias.name] = (statement, _write_import(statement, alias))
    return found


def _write_import(statement: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
    if isinstance(statement, ast.Import):
        return ast.unparse(ast.Import([alias]))
    return ast.unparse(ast.ImportFrom(statement.module, [alias], 0))
