"""The layer that computes a formula."""

from collections.abc import Sequence

import keras

from engine.layers.expressions.errors import fault_at
from engine.layers.expressions.evaluating import Value
from engine.layers.expressions.formula import read_formula, require_text

DEFAULT_VARIABLES = ("x",)


@keras.saving.register_keras_serializable(package="layerloom")
class Expression(keras.layers.Layer):
    """Computes a formula over tensors, such as `x * sigmoid(x)`.

    The formula is made of numbers, the variables, arithmetic, comparisons, `and`, `or`, `not`, `a if c else b`,
    indexing and calls of the functions of `keras.ops`. It has no weights.

    Args:
        expression: String. The formula, such as `"x * sigmoid(x)"`. A list, such as `"x, y"`, makes several outputs.
        variables: Tuple of strings. What the formula calls its inputs, in their order.

    Call arguments:
        inputs: List of tensors in the order of `variables`; one tensor by itself where there is one variable.
    """

    def __init__(self, expression: str, variables: Sequence[str] = DEFAULT_VARIABLES, **kwargs: object):
        super().__init__(**kwargs)
        if not isinstance(variables, list | tuple) or not variables:
            raise fault_at(None, "invalid_variable", f"Expected a list of variables; received {variables!r}.", "['x']")
        self.variable_names = tuple(variables)
        self.formula = read_formula(require_text(expression), self.variable_names)
        if not self.formula.used:
            names = ", ".join(self.variable_names)
            text = f"The formula names none of its variables ({names}), so nothing flows through it."
            raise fault_at(None, "unused_variables", text, f"Use {names} in it.")
        self.supports_masking = True
        self._build_at_init()

    def call(self, inputs: Value) -> Value:
        """The formula's value."""
        result = self.formula.compute(self._name_inputs(inputs))
        return keras.tree.map_structure(keras.ops.convert_to_tensor, result)

    def compute_output_spec(self, inputs: Value, **_kwargs: object) -> Value:
        """Shapes and dtypes, one call after the other."""
        return self.formula.infer(self._name_inputs(inputs))

    def compute_mask(self, inputs: Value, mask: Value = None) -> Value:
        """The masks of the inputs joined by `and`, for every output that still has their dimensions."""
        given = [one for one in keras.tree.flatten(mask) if one is not None] if mask is not None else []
        if not given or any(tuple(one.shape) != tuple(given[0].shape) for one in given):
            return None
        joined = given[0]
        for one in given[1:]:
            joined = keras.ops.logical_and(joined, one)
        rank = len(joined.shape)
        specs = keras.tree.map_structure(lambda x: keras.KerasTensor(x.shape, x.dtype), inputs)
        outputs = keras.tree.flatten(self.compute_output_spec(specs))
        return [joined if _begins_like(tuple(one.shape), tuple(joined.shape), rank) else None for one in outputs]

    def get_config(self) -> dict[str, object]:
        """What the layer is made of."""
        return {
            **super().get_config(),
            "expression": self.formula.source,
            "variables": list(self.variable_names),
        }

    def _name_inputs(self, inputs: Value) -> dict[str, Value]:
        given = list(inputs) if isinstance(inputs, list | tuple) else [inputs]
        if len(given) != len(self.variable_names):
            names = ", ".join(self.variable_names)
            count = f"{len(given)} input{'s' * (len(given) != 1)}"
            text = f"The formula has the variables {names}, and {count} came; expected one for each."
            raise fault_at(None, "wrong_number_of_inputs", text, "Connect one tensor per variable, or change the list.")
        return dict(zip(self.variable_names, given, strict=True))


def _begins_like(shape: tuple[int | None, ...], mask: tuple[int | None, ...], rank: int) -> bool:
    pairs = zip(shape[1:rank], mask[1:rank], strict=False)
    return len(shape) >= rank and all(one == other or other is None for one, other in pairs)
