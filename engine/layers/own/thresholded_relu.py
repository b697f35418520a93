"""The rectifier that lets only large values pass."""

import keras


@keras.saving.register_keras_serializable(package="layerloom")
class ThresholdedReLU(keras.layers.Layer):
    """Thresholded Rectified Linear Unit.

    `f(x) = x` for `x > theta`, `f(x) = 0` otherwise.

    From "Zero-Bias Autoencoders and the Benefits of Co-Adapting Features" (Konda, Memisevic and Krueger, 2014,
    https://arxiv.org/abs/1402.3337). Keras 2 had it under this name.

    Args:
        theta: Float >= 0. Threshold location of activation.

    Input shape:
        Arbitrary.

    Output shape:
        The same as the input shape.
    """

    def __init__(self, theta: float = 1.0, **kwargs: object) -> None:
        super().__init__(**kwargs)
        if type(theta) not in (int, float) or theta < 0:
            raise ValueError(f"Expected a number >= 0 for `theta`. Received: theta={theta}")
        self.theta = float(theta)
        self.supports_masking = True
        self.built = True

    def call(self, inputs: "keras.KerasTensor") -> "keras.KerasTensor":
        above = keras.ops.greater(inputs, keras.ops.cast(self.theta, inputs.dtype))
        return inputs * keras.ops.cast(above, inputs.dtype)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return tuple(input_shape)

    def get_config(self) -> dict[str, object]:
        return {**super().get_config(), "theta": self.theta}
