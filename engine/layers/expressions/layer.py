"""The layer that computes a formula."""

from collections.abc import Sequence

import keras

from engine.layers.expressions.errors import ExpressionError, fault_at
from engine.layers.expressions.evaluating import Value
from engine.layers.expressions.formula import read_formula, require_text

DEFAULT_VARIABLES = ("x",)
UNLIKELY_SIZE = 1009
"""What is assumed for unknown dimensions where only equality matters."""


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
        result = self.formula.infer(self._name_inputs(inputs))
        # A formula such as "x" would answer its own input, which Keras takes for a circle.
        return keras.tree.map_structure(lambda x: keras.KerasTensor(x.shape, x.dtype, sparse=x.sparse), result)

    def compute_output_shape(self, input_shape: Value) -> Value:
        """The shapes alone, for inputs of the layer's own dtype."""
        is_one = isinstance(input_shape, tuple | list) and not isinstance(next(iter(input_shape), None), tuple | list)
        shapes = [input_shape] if is_one else list(input_shape)  # type: ignore[call-overload]
        specs = [keras.KerasTensor(shape, self.compute_dtype) for shape in shapes]
        result = self.compute_output_spec(specs[0] if is_one else specs)
        return keras.tree.map_structure(lambda x: tuple(x.shape), result)

    def compute_mask(self, inputs: Value, mask: Value = None) -> Value:
        """The masks of the inputs joined by `and`, for every output that still has their dimensions."""
        given = [one for one in keras.tree.flatten(mask) if one is not None] if mask is not None else []
        if not given or any(tuple(one.shape) != tuple(given[0].shape) for one in given):
            return None
        joined = given[0]
        for one in given[1:]:
            joined = keras.ops.logical_and(joined, one)
        sizes = _assume_sizes(joined)
        stand_ins = keras.tree.map_structure(
            lambda x: keras.KerasTensor(_assume_sizes(x), keras.backend.standardize_dtype(x.dtype)), inputs
        )
        try:
            outputs = keras.tree.flatten(self.compute_output_spec(stand_ins))
        except ExpressionError:
            return None
        return [joined if _assume_sizes(one)[: len(sizes)] == sizes else None for one in outputs]

    @classmethod
    def from_config(cls, config: dict[str, object]) -> "Expression":
        """A layer of this config. Unlike Keras's own, lets the error of a wrong formula through as it is."""
        return cls(**config)  # type: ignore[arg-type]

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


def _assume_sizes(tensor: Value) -> tuple[int, ...]:
    """The tensor's shape with a size for each unknown dimension, by which dimensions can be told from others."""
    shape: tuple[int | None, ...] = tuple(tensor.shape)  # type: ignore[attr-defined]
    return tuple(UNLIKELY_SIZE + axis if size is None else size for axis, size in enumerate(shape))
