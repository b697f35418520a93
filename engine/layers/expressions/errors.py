"""What is wrong with a formula, and where in its text."""

import ast
import difflib
from collections.abc import Iterable

from engine.errors import EngineError


class ExpressionError(EngineError, ValueError):
    """A formula cannot be read or computed. `position` counts the characters before the fault.

    It is a `ValueError` too, because that is what Keras takes for a refusal.
    """

    def __init__(self, code: str, message: str, hint: str | None = None, position: int | None = None):
        super().__init__(code, message, hint)
        self.position = position

    @property
    def argument(self) -> str:
        """The argument of our layer, loss or metric that the fault is in."""
        return "variables" if self.code == "invalid_variable" else "expression"

    def __reduce__(self) -> tuple[type[EngineError], tuple[object, ...]]:
        return type(self), (self.code, self.message, self.hint, self.position)


def fault_at(node: ast.expr | int | None, code: str, text: str, hint: str | None = None) -> ExpressionError:
    """The error at a piece of the formula: a node of its tree, or how many characters stand before it."""
    position = node.col_offset if isinstance(node, ast.AST) else node
    place = "" if position is None else f"At column {position + 1}: "
    return ExpressionError(code, f"{place}{text}", hint, position)


def suggest(name: str, known: Iterable[str], otherwise: str | None = None) -> str | None:
    """A hint with the names closest to a mistyped one."""
    by_lower = {one.lower(): one for one in known}
    close = [by_lower[one] for one in difflib.get_close_matches(name.lower(), by_lower, n=3)]
    return f"Did you mean {' or '.join(close)}?" if close else otherwise


def join_names(names: Iterable[str], limit: int = 12) -> str:
    """A list of names for a sentence, cut off where it gets long."""
    listed = list(names)
    return ", ".join(listed[:limit]) + (f" and {len(listed) - limit} more" if len(listed) > limit else "")
