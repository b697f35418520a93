"""The loss and the metric that compute a formula of `y_true` and `y_pred`."""

import keras
from keras.src.losses.loss import squeeze_or_expand_to_same_rank

from engine.layers.expressions.errors import fault_at
from engine.layers.expressions.evaluating import Value
from engine.layers.expressions.formula import Formula, read_formula, require_text

VARIABLES = ("y_true", "y_pred")
DEFAULT = "mean(square(y_true - y_pred), axis=-1)"


@keras.saving.register_keras_serializable(package="layerloom")
class ExpressionLoss(keras.losses.Loss):
    """Computes the loss by a formula of `y_true` and `y_pred`.

    The formula gives one number per sample, or more, which `reduction` then brings together.

    Args:
        expression: String. The formula, such as `"mean(square(y_true - y_pred), axis=-1)"`.
        reduction: String. How the samples' losses become one: `"sum_over_batch_size"`, `"sum"`, `"mean"`,
            `"mean_with_sample_weight"` or `"none"`.
        name: String. The name of the loss.
        dtype: The dtype of the loss's computations.
    """

    def __init__(
        self,
        expression: str = DEFAULT,
        reduction: str = "sum_over_batch_size",
        name: str = "expression_loss",
        dtype: str | None = None,
    ):
        super().__init__(name=name, reduction=reduction, dtype=dtype)
        self.formula = _read(expression)

    def call(self, y_true: Value, y_pred: Value) -> Value:
        """The loss of each sample."""
        return _compute(self.formula, y_true, y_pred)

    def get_config(self) -> dict[str, object]:
        """What the loss is made of."""
        return {**super().get_config(), "expression": self.formula.source}


@keras.saving.register_keras_serializable(package="layerloom")
class ExpressionMetric(keras.metrics.MeanMetricWrapper):
    """Computes a metric by a formula of `y_true` and `y_pred`: the mean over all samples, by their weights.

    Args:
        expression: String. The formula, such as `"mean(abs(y_true - y_pred), axis=-1)"`.
        name: String. The name of the metric, as curves show it.
        dtype: The dtype of the metric's computations.
    """

    def __init__(self, expression: str = DEFAULT, name: str = "expression_metric", dtype: str | None = None):
        self.formula = _read(expression)
        super().__init__(fn=lambda y_true, y_pred: _compute(self.formula, y_true, y_pred), name=name, dtype=dtype)

    def update_state(self, y_true: Value, y_pred: Value, sample_weight: Value = None) -> None:
        """Takes in a batch."""
        y_true, y_pred = (keras.ops.convert_to_tensor(one, self.dtype) for one in (y_true, y_pred))
        super().update_state(y_true, y_pred, sample_weight)

    def get_config(self) -> dict[str, object]:
        """What the metric is made of."""
        return {"name": self.name, "dtype": self.dtype, "expression": self.formula.source}


def _read(expression: str) -> Formula:
    formula = read_formula(require_text(expression), VARIABLES)
    if "y_pred" not in formula.used:
        text = "The formula does not name y_pred, so nothing that the model does changes it."
        raise fault_at(None, "unused_variables", text, f"Such as {DEFAULT}.")
    return formula


def _compute(formula: Formula, y_true: Value, y_pred: Value) -> Value:
    y_true, y_pred = squeeze_or_expand_to_same_rank(y_true, y_pred)
    result = formula.compute({"y_true": y_true, "y_pred": y_pred})
    if isinstance(result, list):
        text = f"The formula gives a list of {len(result)} tensors; expected one tensor."
        raise fault_at(None, "invalid_expression", text, "Take the commas out, or add the parts up.")
    if not result.shape:  # type: ignore[attr-defined]
        text = "The formula gives one number for the whole batch; expected one per sample."
        raise fault_at(None, "invalid_expression", text, "Compute it over axis=-1, not over everything.")
    return result
