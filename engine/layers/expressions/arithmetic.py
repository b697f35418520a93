"""Arithmetic and comparison of plain numbers, bounded so that no formula can take all time or memory."""

import ast
import operator
from collections.abc import Callable

from engine.layers.expressions.errors import fault_at

MAX_INTEGER = 2**63 - 1
"""The largest whole number, either way, that may stand in a formula or come out of its plain arithmetic."""

Number = int | float

OPERATORS: dict[type[ast.operator], Callable[[Number, Number], Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}

COMPARISONS: dict[type[ast.cmpop], Callable[[Number, Number], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def is_number(value: object) -> bool:
    """Whether a value is plain arithmetic's, not a tensor's. A boolean is a number, as it is in Python."""
    return isinstance(value, int | float)


def compute(node: ast.BinOp, left: Number, right: Number) -> Number:
    """The two numbers, joined by the node's operator. Raises `ExpressionError`."""
    if type(node.op) not in OPERATORS:
        raise fault_at(node, "invalid_expression", "@ multiplies matrices; it got two numbers.", "Take * for numbers.")
    if isinstance(node.op, ast.Pow) and _is_huge_power(left, right):
        raise fault_at(node, "number_too_large", f"{left} ** {right} is too large.", "Take a smaller exponent.")
    try:
        result = OPERATORS[type(node.op)](left, right)
    except ZeroDivisionError:
        raise fault_at(node, "division_by_zero", "this divides by zero.", "Make the divisor another number.") from None
    except OverflowError:
        raise fault_at(node, "number_too_large", "the result is too large.", "Take smaller numbers.") from None
    return bound(node, result)


def bound(node: ast.expr, value: object) -> Number:
    """The number, where it is one that a formula may hold. Raises `ExpressionError`."""
    if not isinstance(value, int | float):
        raise fault_at(node, "invalid_expression", "this has no real number as its result.", "Take another exponent.")
    if isinstance(value, int) and abs(value) > MAX_INTEGER:
        raise fault_at(
            node,
            "number_too_large",
            f"a whole number of {value.bit_length()} bits; expected at most {MAX_INTEGER.bit_length()}.",
            "Write it as a float, such as 1e30.",
        )
    return value


def _is_huge_power(left: Number, right: Number) -> bool:
    whole = isinstance(left, int) and isinstance(right, int)
    return (
        whole and abs(left) > 1 and right > 0 and right * (abs(int(left)).bit_length() - 1) > MAX_INTEGER.bit_length()
    )
