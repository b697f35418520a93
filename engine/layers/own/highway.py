"""A densely connected layer with a gate that lets its input pass."""

import keras


@keras.saving.register_keras_serializable(package="layerloom")
class Highway(keras.layers.Layer):
    """Densely connected highway layer: a gated mix of a dense layer and its input.

    With the gate `t = sigmoid(x @ transform_kernel + transform_bias)` the output is
    `t * activation(x @ kernel + bias) + (1 - t) * x`.

    From "Highway Networks" (Srivastava, Greff and Schmidhuber, 2015, https://arxiv.org/abs/1505.00387). Keras 1 had it
    under this name. The paper starts the gate's bias at a negative number, so that deep networks pass their input on
    at first; Keras started it at 1.

    Args:
        activation: Activation function of the dense part. If you don't specify
            anything, no activation is applied (ie. "linear" activation:
            `a(x) = x`).
        use_bias: Boolean, whether the layer uses bias vectors.
        kernel_initializer: Initializer for the two kernel matrices.
        bias_initializer: Initializer for the bias vector of the dense part.
        transform_bias_initializer: Initializer for the bias vector of the gate.
        kernel_regularizer: Regularizer function applied to the two kernel
            matrices.
        bias_regularizer: Regularizer function applied to the bias vectors.
        activity_regularizer: Regularizer function applied to the output of the
            layer (its "activation").
        kernel_constraint: Constraint function applied to the two kernel
            matrices.
        bias_constraint: Constraint function applied to the bias vectors.

    Input shape:
        N-D tensor with shape: `(batch_size, ..., input_dim)`.

    Output shape:
        The same as the input shape.
    """

    def __init__(
        self,
        activation: object = None,
        use_bias: bool = True,
        kernel_initializer: object = "glorot_uniform",
        bias_initializer: object = "zeros",
        transform_bias_initializer: object = "ones",
        kernel_regularizer: object = None,
        bias_regularizer: object = None,
        activity_regularizer: object = None,
        kernel_constraint: object = None,
        bias_constraint: object = None,
        **kwargs: object,
    ) -> None:
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self.activation = keras.activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)
        self.transform_bias_initializer = keras.initializers.get(transform_bias_initializer)
        self.kernel_regularizer = keras.regularizers.get(kernel_regularizer)
        self.bias_regularizer = keras.regularizers.get(bias_regularizer)
        self.kernel_constraint = keras.constraints.get(kernel_constraint)
        self.bias_constraint = keras.constraints.get(bias_constraint)
        self.input_spec = keras.layers.InputSpec(min_ndim=2)
        self.supports_masking = True

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        width = input_shape[-1]
        if width is None:
            raise ValueError(f"The last dimension of the inputs to Highway must be defined. Received: {input_shape}")
        kernel = {
            "shape": (width, width),
            "initializer": self.kernel_initializer,
            "regularizer": self.kernel_regularizer,
            "constraint": self.kernel_constraint,
        }
        bias = {"shape": (width,), "regularizer": self.bias_regularizer, "constraint": self.bias_constraint}
        self.kernel = self.add_weight(name="kernel", **kernel)
        self.transform_kernel = self.add_weight(name="transform_kernel", **kernel)
        self.bias = self.transform_bias = None
        if self.use_bias:
            self.bias = self.add_weight(name="bias", initializer=self.bias_initializer, **bias)
            self.transform_bias = self.add_weight(
                name="transform_bias", initializer=self.transform_bias_initializer, **bias
            )
        self.input_spec = keras.layers.InputSpec(min_ndim=2, axes={-1: width})
        self.built = True

    def call(self, inputs: "keras.KerasTensor") -> "keras.KerasTensor":
        gate = keras.ops.matmul(inputs, self.transform_kernel)
        outputs = keras.ops.matmul(inputs, self.kernel)
        if self.use_bias:
            gate = keras.ops.add(gate, self.transform_bias)
            outputs = keras.ops.add(outputs, self.bias)
        gate = keras.ops.sigmoid(gate)
        return gate * self.activation(outputs) + (1.0 - gate) * inputs

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return tuple(input_shape)

    def get_config(self) -> dict[str, object]:
        return {
            **super().get_config(),
            "activation": keras.activations.serialize(self.activation),
            "use_bias": self.use_bias,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "bias_initializer": keras.initializers.serialize(self.bias_initializer),
            "transform_bias_initializer": keras.initializers.serialize(self.transform_bias_initializer),
            "kernel_regularizer": keras.regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": keras.regularizers.serialize(self.bias_regularizer),
            "activity_regularizer": keras.regularizers.serialize(self.activity_regularizer),
            "kernel_constraint": keras.constraints.serialize(self.kernel_constraint),
            "bias_constraint": keras.constraints.serialize(self.bias_constraint),
        }
