"""A formula: its text, the variables that it may name, and what it gives for tensors or shapes."""

import ast
from collections.abc import Mapping, Sequence
from functools import lru_cache

import keras

from engine.layers.expressions.errors import ExpressionError, fault_at
from engine.layers.expressions.evaluating import Evaluator, Value, is_tensor
from engine.layers.expressions.grammar import check_variables, parse_expression
from engine.layers.expressions.names import Function
from engine.layers.expressions.symbolic import check_shapes

Signature = tuple[tuple[tuple[int | None, ...], str], ...]


class Formula:
    """A formula that is right by its grammar. Raises `ExpressionError` where it is not."""

    def __init__(self, source: str, variables: Sequence[str]):
        check_variables(variables)
        self.source = source
        self.variables = tuple(variables)
        self.tree = parse_expression(source, variables)
        self._checked: set[Signature] = set()

    def __str__(self) -> str:
        """The formula in Python's usual spelling."""
        return ast.unparse(self.tree)

    @property
    def used(self) -> set[str]:
        """The variables that it names."""
        return {node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name)} & {*self.variables}

    def infer(self, values: Mapping[str, Value]) -> Value:
        """Its result as symbolic tensors, for variables that are symbolic tensors. Raises `ExpressionError`."""
        return self._require_tensors(check_shapes(self.tree, values))

    def compute(self, values: Mapping[str, Value]) -> Value:
        """Its result for variables that are tensors: a tensor, or several where the formula is a list.

        Shapes that have not come before are gone through first, so that nothing too large is computed.
        """
        signature = tuple((tuple(value.shape), _read_dtype(value)) for value in values.values())  # type: ignore[attr-defined]
        if signature not in self._checked:
            stand_ins = {
                name: keras.KerasTensor(shape, dtype) for name, (shape, dtype) in zip(values, signature, strict=True)
            }
            self.infer(stand_ins)
            self._checked.add(signature)
        return self._require_tensors(Evaluator(values, _apply).run(self.tree))

    def compute_number(self, values: Mapping[str, float]) -> float:
        """Its result for variables that are plain numbers, as a number. Raises `ExpressionError`."""
        result = check_shapes(self.tree, values)
        if is_tensor(result):
            if keras.tree.flatten(getattr(result, "shape", ())):
                shape = tuple(getattr(result, "shape", ()))
                raise fault_at(
                    None, "invalid_expression", f"The formula gives a tensor of shape {shape}; a number was expected."
                )
            result = float(keras.ops.convert_to_numpy(Evaluator(values, _apply).run(self.tree)))
        if isinstance(result, bool) or not isinstance(result, int | float):
            raise fault_at(None, "invalid_expression", "The formula gives no number.", "Let it give one number.")
        return float(result)

    def _require_tensors(self, result: Value) -> Value:
        found = list(result) if isinstance(result, tuple | list) else [result]
        if not found or not all(is_tensor(one) for one in found):
            text = "The formula gives no tensor; expected one, or a list of tensors."
            raise fault_at(None, "invalid_expression", text, "Let it compute something with a variable.")
        return found if isinstance(result, tuple | list) else result


@lru_cache(maxsize=1_000)
def read_formula(source: str, variables: tuple[str, ...]) -> Formula:
    """The formula, read once. Raises `ExpressionError`."""
    return Formula(source, variables)


def require_text(value: object) -> str:
    """The value, where it is the text of a formula. Raises `ExpressionError`."""
    if not isinstance(value, str):
        kind = type(value).__name__
        raise fault_at(
            None, "invalid_expression", f"A formula is a text; received {kind}.", "Such as 'x * sigmoid(x)'."
        )
    return value


def _read_dtype(value: Value) -> str:
    return str(keras.backend.standardize_dtype(value.dtype))  # type: ignore[attr-defined]


def _apply(node: ast.expr, function: Function, args: list[Value], kwargs: dict[str, Value]) -> Value:
    try:
        return function(*args, **kwargs)
    except ExpressionError:
        raise
    except (TypeError, ValueError) as error:
        text = " ".join(str(error).split())[:400]
        raise fault_at(node, "invalid_expression_input", f"this cannot be computed: {text}") from error
