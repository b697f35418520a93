"""Formulas as plain Python over `keras.ops`, for exported code."""

import ast
from collections.abc import Mapping
from typing import Literal

from engine.layers.expressions.evaluating import BINARY, COMPARE
from engine.layers.expressions.formula import Formula
from engine.layers.expressions.names import CONSTANTS, discover_expression_functions, name_of
from engine.models.python_values import call, name, write_value

Kind = Literal["number", "tensor", "unknown"]
"""What a piece of a formula is for Python's own operators: a plain number; a tensor on which they do what `keras.ops`
does; or a tensor of which that is not known, because they do not mix dtypes."""

Piece = tuple[ast.expr, Kind]


class FormulaWriter:
    """Writes one formula. `variables` says what stands for each variable, and of which kind it is.

    With `symbolic` the variables are Keras's symbolic tensors, whose operators are those of `keras.ops` for any dtype.
    """

    def __init__(self, variables: Mapping[str, Piece], *, symbolic: bool = False):
        constants: dict[str, Piece] = {key: (write_value(value), "number") for key, value in CONSTANTS.items()}
        self.variables = {**constants, **variables}
        self.symbolic = symbolic

    def write(self, formula: Formula) -> ast.expr:
        """The formula as a Python expression."""
        return self._write(formula.tree)[0]

    def _write(self, node: ast.expr) -> Piece:
        match node:
            case ast.Name(id=variable):
                return self.variables[variable]
            case ast.Constant():
                return node, "number"
            case ast.Tuple(elts=elements):
                return ast.Tuple([self._write(one)[0] for one in elements]), "unknown"
            case ast.List(elts=elements):
                return ast.List([self._write(one)[0] for one in elements]), "unknown"
            case ast.Call(args=args, keywords=keywords):
                return self._write_call(node, args, keywords)
            case ast.Subscript(value=value, slice=key):
                tree, kind = self._write(value)
                return ast.Subscript(tree, self._write_key(key)), kind
        return self._write_operator(node)

    def _write_operator(self, node: ast.expr) -> Piece:
        match node:
            case ast.UnaryOp(op=operator, operand=operand):
                return self._write_unary(operator, self._write(operand))
            case ast.BinOp(left=left, op=operator, right=right):
                return self._write_binary(operator, self._write(left), self._write(right))
            case ast.BoolOp(op=operator, values=values):
                return self._write_boolean(operator, [self._write(one) for one in values])
            case ast.Compare(left=left, ops=operators, comparators=others):
                return self._write_comparison(operators, [self._write(one) for one in (left, *others)])
            case ast.IfExp(test=test, body=body, orelse=orelse):
                (condition, kind), first, second = (self._write(one) for one in (test, body, orelse))
                if kind == "number":
                    same: Kind = first[1] if first[1] == second[1] else "unknown"
                    return ast.IfExp(condition, first[0], second[0]), same
                return call(name("keras.ops.where"), [condition, first[0], second[0]]), self._of_call([kind])
        raise TypeError(f"expected a checked formula, received {type(node).__name__}")

    def _write_call(self, node: ast.Call, args: list[ast.expr], keywords: list[ast.keyword]) -> Piece:
        function = discover_expression_functions()[getattr(node.func, "id", "")]
        positional = [self._write(one) for one in args]
        named = {str(one.arg): self._write(one.value) for one in keywords}
        has_tensors = any(self._holds_tensor(one) for one in (*args, *(keyword.value for keyword in keywords)))
        tree = call(
            name(name_of(function)), [one for one, _ in positional], **{key: one for key, (one, _) in named.items()}
        )
        return tree, self._of_call(["tensor" if has_tensors else "unknown"])

    def _holds_tensor(self, node: ast.expr) -> bool:
        names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
        return any(self.variables[one][1] == "tensor" for one in names if one in self.variables)

    def _of_call(self, kinds: list[Kind]) -> Kind:
        return "tensor" if self.symbolic and "tensor" in kinds else "unknown"

    def _write_key(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Tuple):
            return ast.Tuple([self._write_key(one) for one in node.elts])
        if isinstance(node, ast.Slice):
            ends = (None if one is None else self._write(one)[0] for one in (node.lower, node.upper, node.step))
            return ast.Slice(*ends)
        return self._write(node)[0]

    def _write_unary(self, operator: ast.unaryop, operand: Piece) -> Piece:
        tree, kind = operand
        if kind == "number":
            return ast.UnaryOp(operator, tree), kind
        if isinstance(operator, ast.UAdd):
            return operand
        if isinstance(operator, ast.Not):
            return call(name("keras.ops.logical_not"), [tree]), self._of_call([kind])
        return (ast.UnaryOp(operator, tree) if kind == "tensor" else call(name("keras.ops.negative"), [tree])), kind

    def _write_binary(self, operator: ast.operator, left: Piece, right: Piece) -> Piece:
        kinds = {left[1], right[1]}
        if kinds == {"number"}:
            return ast.BinOp(left[0], operator, right[0]), "number"
        if kinds <= {"number", "tensor"} or (self.symbolic and left[1] == "tensor"):
            return ast.BinOp(left[0], operator, right[0]), "tensor"
        function = name(name_of(BINARY[type(operator)]))
        return call(function, [left[0], right[0]]), self._of_call([left[1], right[1]])

    def _write_boolean(self, operator: ast.boolop, pieces: list[Piece]) -> Piece:
        if all(kind == "number" for _, kind in pieces):
            return call(name("bool"), [ast.BoolOp(operator, [tree for tree, _ in pieces])]), "number"
        function = "keras.ops.logical_and" if isinstance(operator, ast.And) else "keras.ops.logical_or"
        tree, kind = pieces[0]
        for other, other_kind in pieces[1:]:
            tree, kind = call(name(function), [tree, other]), self._of_call([kind, other_kind])
        return tree, kind

    def _write_comparison(self, operators: list[ast.cmpop], pieces: list[Piece]) -> Piece:
        if all(kind == "number" for _, kind in pieces):
            return ast.Compare(pieces[0][0], operators, [tree for tree, _ in pieces[1:]]), "number"
        pairs = [
            self._compare(operator, left, right)
            for operator, left, right in zip(operators, pieces, pieces[1:], strict=False)
        ]
        return self._write_boolean(ast.And(), pairs) if len(pairs) > 1 else pairs[0]

    def _compare(self, operator: ast.cmpop, left: Piece, right: Piece) -> Piece:
        kinds = {left[1], right[1]}
        # Python's == of two tensors tells whether they are the same object.
        if kinds == {"number"} or (kinds <= {"number", "tensor"} and not isinstance(operator, ast.Eq | ast.NotEq)):
            return ast.Compare(left[0], [operator], [right[0]]), self._of_call([left[1], right[1]])
        return call(name(name_of(COMPARE[type(operator)])), [left[0], right[0]]), self._of_call([left[1], right[1]])
