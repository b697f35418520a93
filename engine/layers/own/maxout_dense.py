"""A densely connected layer that takes the greatest of several linear functions."""

import keras


@keras.saving.register_keras_serializable(package="layerloom")
class MaxoutDense(keras.layers.Layer):
    """Densely connected maxout layer: for each unit the maximum of `nb_feature` linear functions of the input.

    `output[u] = max over k of (x @ kernel[k, :, u] + bias[k, u])`: a learned, piecewise linear and convex activation.

    From "Maxout Networks" (Goodfellow, Warde-Farley, Mirza, Courville and Bengio, 2013,
    https://arxiv.org/abs/1302.4389). Keras 1 had it under this name.

    Args:
        units: Positive integer, dimensionality of the output space.
        nb_feature: Positive integer, number of linear functions to take the
            maximum of.
        use_bias: Boolean, whether the layer uses a bias matrix.
        kernel_initializer: Initializer for the `kernel` weights.
        bias_initializer: Initializer for the bias matrix.
        kernel_regularizer: Regularizer function applied to the `kernel`
            weights.
        bias_regularizer: Regularizer function applied to the bias matrix.
        activity_regularizer: Regularizer function applied to the output of the
            layer (its "activation").
        kernel_constraint: Constraint function applied to the `kernel` weights.
        bias_constraint: Constraint function applied to the bias matrix.

    Input shape:
        N-D tensor with shape: `(batch_size, ..., input_dim)`.

    Output shape:
        N-D tensor with shape: `(batch_size, ..., units)`.
    """

    def __init__(
        self,
        units: int,
        nb_feature: int = 4,
        use_bias: bool = True,
        kernel_initializer: object = "glorot_uniform",
        bias_initializer: object = "zeros",
        kernel_regularizer: object = None,
        bias_regularizer: object = None,
        activity_regularizer: object = None,
        kernel_constraint: object = None,
        bias_constraint: object = None,
        **kwargs: object,
    ) -> None:
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        for name, value in (("units", units), ("nb_feature", nb_feature)):
            if type(value) is not int or value <= 0:
                raise ValueError(f"Expected a positive integer for `{name}`. Received: {name}={value}")
        self.units = units
        self.nb_feature = nb_feature
        self.use_bias = use_bias
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)
        self.kernel_regularizer = keras.regularizers.get(kernel_regularizer)
        self.bias_regularizer = keras.regularizers.get(bias_regularizer)
        self.kernel_constraint = keras.constraints.get(kernel_constraint)
        self.bias_constraint = keras.constraints.get(bias_constraint)
        self.input_spec = keras.layers.InputSpec(min_ndim=2)
        self.supports_masking = True

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        width = input_shape[-1]
        if width is None:
            raise ValueError(
                f"The last dimension of the inputs to MaxoutDense must be defined. Received: {input_shape}"
            )
        self.kernel = self.add_weight(
            name="kernel",
            shape=(self.nb_feature, width, self.units),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                name="bias",
                shape=(self.nb_feature, self.units),
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
            )
        self.input_spec = keras.layers.InputSpec(min_ndim=2, axes={-1: width})
        self.built = True

    def call(self, inputs: "keras.KerasTensor") -> "keras.KerasTensor":
        outputs = keras.ops.tensordot(inputs, self.kernel, axes=[[-1], [1]])
        if self.use_bias:
            outputs = keras.ops.add(outputs, self.bias)
        return keras.ops.max(outputs, axis=-2)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict[str, object]:
        return {
            **super().get_config(),
            "units": self.units,
            "nb_feature": self.nb_feature,
            "use_bias": self.use_bias,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "bias_initializer": keras.initializers.serialize(self.bias_initializer),
            "kernel_regularizer": keras.regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": keras.regularizers.serialize(self.bias_regularizer),
            "activity_regularizer": keras.regularizers.serialize(self.activity_regularizer),
            "kernel_constraint": keras.constraints.serialize(self.kernel_constraint),
            "bias_constraint": keras.constraints.serialize(self.bias_constraint),
        }
