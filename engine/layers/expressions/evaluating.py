"""Computes a checked formula by walking its tree."""

import ast
from collections.abc import Callable, Mapping
from functools import reduce

import keras

from engine.layers.expressions.arithmetic import COMPARISONS, compute, is_number
from engine.layers.expressions.errors import fault_at
from engine.layers.expressions.names import CONSTANTS, Function, discover_expression_functions

Value = object
Apply = Callable[[ast.expr, Function, list[Value], dict[str, Value]], Value]
"""Calls a function on tensors, for the node that asks for it."""

BINARY: dict[type[ast.operator], Function] = {
    ast.Add: keras.ops.add,
    ast.Sub: keras.ops.subtract,
    ast.Mult: keras.ops.multiply,
    ast.Div: keras.ops.true_divide,
    ast.FloorDiv: keras.ops.floor_divide,
    ast.Mod: keras.ops.mod,
    ast.Pow: keras.ops.power,
    ast.MatMult: keras.ops.matmul,
}

COMPARE: dict[type[ast.cmpop], Function] = {
    ast.Eq: keras.ops.equal,
    ast.NotEq: keras.ops.not_equal,
    ast.Lt: keras.ops.less,
    ast.LtE: keras.ops.less_equal,
    ast.Gt: keras.ops.greater,
    ast.GtE: keras.ops.greater_equal,
}


def is_tensor(value: Value) -> bool:
    """Whether a value is none of Python's plain ones."""
    return not (value is None or isinstance(value, bool | int | float | str | tuple | list | slice))


def get_item(tensor: Value, key: Value) -> Value:
    """`tensor[key]`, as a function."""
    return tensor[key]  # type: ignore[index]


class Evaluator:
    """One computation: the variables' values, and how functions are applied to tensors.

    Between plain numbers the operators are Python's; as soon as a tensor takes part they are `keras.ops`, `and`, `or`
    and `not` are `logical_and`, `logical_or` and `logical_not`, and `a if c else b` is `where(c, a, b)`.
    """

    def __init__(self, values: Mapping[str, Value], apply: Apply):
        self.values = {**CONSTANTS, **values}
        self.apply = apply

    def run(self, node: ast.expr) -> Value:
        """The value of the tree. Raises `ExpressionError`."""
        match node:
            case ast.Constant(value=value):
                return value
            case ast.Name(id=name):
                return self.values[name]
            case ast.Tuple(elts=elements):
                return tuple(self.run(one) for one in elements)
            case ast.List(elts=elements):
                return [self.run(one) for one in elements]
            case ast.Subscript():
                return self._take_item(node)
            case ast.Call():
                return self._call(node)
        return self._operate(node)

    def _operate(self, node: ast.expr) -> Value:
        match node:
            case ast.UnaryOp():
                return self._negate(node)
            case ast.BinOp():
                return self._join(node)
            case ast.BoolOp(op=operator, values=values):
                function = keras.ops.logical_and if isinstance(operator, ast.And) else keras.ops.logical_or
                return reduce(lambda one, other: self._connect(node, function, one, other), map(self.run, values))
            case ast.Compare():
                return self._compare(node)
            case ast.IfExp():
                return self._choose(node)
        raise TypeError(f"expected a checked tree, received {type(node).__name__}")

    def _call(self, node: ast.Call) -> Value:
        function = discover_expression_functions()[getattr(node.func, "id", "")]
        args = [self.run(one) for one in node.args]
        return self.apply(node, function, args, {str(one.arg): self.run(one.value) for one in node.keywords})

    def _negate(self, node: ast.UnaryOp) -> Value:
        value = self._operand(node, self.run(node.operand))
        if isinstance(value, int | float):
            return (not value) if isinstance(node.op, ast.Not) else -value if isinstance(node.op, ast.USub) else +value
        if isinstance(node.op, ast.UAdd):
            return value
        function = keras.ops.logical_not if isinstance(node.op, ast.Not) else keras.ops.negative
        return self.apply(node, function, [value], {})

    def _join(self, node: ast.BinOp) -> Value:
        left, right = (self._operand(node, self.run(one)) for one in (node.left, node.right))
        if isinstance(left, int | float) and isinstance(right, int | float):
            return compute(node, left, right)
        return self.apply(node, BINARY[type(node.op)], [left, right], {})

    def _connect(self, node: ast.expr, function: Function, left: Value, right: Value) -> Value:
        left, right = self._operand(node, left), self._operand(node, right)
        if is_number(left) and is_number(right):
            return bool(left and right) if function is keras.ops.logical_and else bool(left or right)
        return self.apply(node, function, [left, right], {})

    def _compare(self, node: ast.Compare) -> Value:
        values = [self._operand(node, self.run(one)) for one in (node.left, *node.comparators)]
        found = [
            COMPARISONS[type(operator)](left, right)
            if isinstance(left, int | float) and isinstance(right, int | float)
            else self.apply(node, COMPARE[type(operator)], [left, right], {})
            for operator, left, right in zip(node.ops, values, values[1:], strict=False)
        ]
        return reduce(lambda one, other: self._connect(node, keras.ops.logical_and, one, other), found)

    def _choose(self, node: ast.IfExp) -> Value:
        test = self._operand(node.test, self.run(node.test))
        if is_number(test):
            return self.run(node.body if test else node.orelse)
        branches = [self._operand(one, self.run(one)) for one in (node.body, node.orelse)]
        return self.apply(node, keras.ops.where, [test, *branches], {})

    def _take_item(self, node: ast.Subscript) -> Value:
        value = self.run(node.value)
        key = self._read_key(node.slice)
        if isinstance(value, tuple | list):
            if isinstance(key, tuple) or key is None or key is Ellipsis:
                raise fault_at(node, "invalid_index", "a list takes one index or slice.", "Such as [0].")
            try:
                return get_item(value, key)
            except IndexError:
                text = f"the list has {len(value)} members, and none at {key}."
                raise fault_at(node, "invalid_index", text, "Indices count from 0.") from None
        if not is_tensor(value):
            raise fault_at(node, "invalid_index", "only tensors and lists have items.", "Take the [ ] out.")
        return self.apply(node, get_item, [value, key], {})

    def _read_key(self, node: ast.expr) -> Value:
        if isinstance(node, ast.Tuple):
            return tuple(self._read_key(one) for one in node.elts)
        if isinstance(node, ast.Slice):
            return slice(
                *(None if one is None else self._read_index(one) for one in (node.lower, node.upper, node.step))
            )
        if isinstance(node, ast.Constant) and (node.value is None or node.value is Ellipsis):
            return node.value
        return self._read_index(node)

    def _read_index(self, node: ast.expr) -> Value:
        value = self.run(node)
        if not isinstance(value, int) or isinstance(value, bool):
            text = "an index is a whole number, a slice such as 1:3, None or ..."
            raise fault_at(node, "invalid_index", f"{text}; this is something else.", "To pick by a tensor, call take.")
        return value

    def _operand(self, node: ast.expr, value: Value) -> Value:
        if is_number(value) or is_tensor(value):
            return value
        kind = "None" if value is None else "a list" if isinstance(value, tuple | list) else "a text"
        text = f"{kind} stands where a number or a tensor is expected."
        raise fault_at(node, "invalid_expression", text, "To make a tensor of a list, call array or stack.")
