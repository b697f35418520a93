"""The rectifier in the shape of an S, which learns where it bends and how steep it is."""

import keras


@keras.saving.register_keras_serializable(package="layerloom")
class SReLU(keras.layers.Layer):
    """S-shaped Rectified Linear Unit: three straight pieces with learned bends and slopes.

    With `r = t_left + abs(t_right)`, which keeps the right bend to the right of the left one:
    `f(x) = t_left + a_left * (x - t_left)` for `x <= t_left`, `f(x) = x` for `t_left < x < r`, and
    `f(x) = r + a_right * (x - r)` for `x >= r`.

    From "Deep Learning with S-shaped Rectified Linear Activation Units" (Jin, Xu, Feng, Wei, Xiong and Yan, 2015,
    https://arxiv.org/abs/1512.07030). keras-contrib had it under this name.

    Args:
        t_left_initializer: Initializer for the left bends.
        a_left_initializer: Initializer for the slopes on the left. `None`
            means uniformly random from 0 to 1.
        t_right_initializer: Initializer for the distances of the right bends
            from the left ones. `None` means uniformly random from 0 to 5.
        a_right_initializer: Initializer for the slopes on the right.
        shared_axes: The axes along which to share learnable parameters. For
            example, if the incoming feature maps are from a 2D convolution with
            output shape `(batch, height, width, channels)`, and you wish to
            share parameters across space so that each filter only has one set
            of parameters, set `shared_axes=[1, 2]`.

    Input shape:
        Arbitrary, with a size in every dimension but the batch and the shared axes.

    Output shape:
        The same as the input shape.
    """

    def __init__(
        self,
        t_left_initializer: object = "zeros",
        a_left_initializer: object = None,
        t_right_initializer: object = None,
        a_right_initializer: object = "ones",
        shared_axes: int | list[int] | None = None,
        **kwargs: object,
    ) -> None:
        super().__init__(**kwargs)
        uniform = keras.initializers.RandomUniform
        self.t_left_initializer = keras.initializers.get(t_left_initializer)
        self.a_left_initializer = keras.initializers.get(a_left_initializer) or uniform(0.0, 1.0)
        self.t_right_initializer = keras.initializers.get(t_right_initializer) or uniform(0.0, 5.0)
        self.a_right_initializer = keras.initializers.get(a_right_initializer)
        self.shared_axes = [shared_axes] if isinstance(shared_axes, int) else shared_axes and list(shared_axes)
        self.supports_masking = True

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        shape = list(input_shape[1:])
        for axis in self.shared_axes or ():
            if not 1 <= axis < len(input_shape):
                raise ValueError(f"Expected `shared_axes` from 1 to {len(input_shape) - 1}. Received: {axis}")
            shape[axis - 1] = 1
        if None in shape:
            raise ValueError(
                "SReLU needs a size in every dimension but the batch and the shared axes."
                f" Received: input_shape={tuple(input_shape)}, shared_axes={self.shared_axes}"
            )
        self.t_left = self.add_weight(name="t_left", shape=shape, initializer=self.t_left_initializer)
        self.a_left = self.add_weight(name="a_left", shape=shape, initializer=self.a_left_initializer)
        self.t_right = self.add_weight(name="t_right", shape=shape, initializer=self.t_right_initializer)
        self.a_right = self.add_weight(name="a_right", shape=shape, initializer=self.a_right_initializer)
        self.built = True

    def call(self, inputs: "keras.KerasTensor") -> "keras.KerasTensor":
        left = keras.ops.convert_to_tensor(self.t_left)
        right = left + keras.ops.abs(self.t_right)
        middle = keras.ops.minimum(keras.ops.maximum(inputs, left), right)
        below = keras.ops.minimum(inputs - left, 0.0)
        above = keras.ops.maximum(inputs - right, 0.0)
        return middle + self.a_left * below + self.a_right * above

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return tuple(input_shape)

    def get_config(self) -> dict[str, object]:
        return {
            **super().get_config(),
            "t_left_initializer": keras.initializers.serialize(self.t_left_initializer),
            "a_left_initializer": keras.initializers.serialize(self.a_left_initializer),
            "t_right_initializer": keras.initializers.serialize(self.t_right_initializer),
            "a_right_initializer": keras.initializers.serialize(self.a_right_initializer),
            "shared_axes": self.shared_axes,
        }
