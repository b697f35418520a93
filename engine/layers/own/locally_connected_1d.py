"""A temporal convolution whose weights are not shared."""

import keras

from engine.layers.own.locally_connected import LocallyConnected


@keras.saving.register_keras_serializable(package="layerloom")
class LocallyConnected1D(LocallyConnected):
    """Locally connected layer for 1D inputs.

    Works like `Conv1D`, except that weights are unshared: a different set of filters is applied at each different
    place of the input. `output[b, p, f] = activation(sum over k, c of
    x[b, p * stride + k, c] * kernel[p, k * channels + c, f] + bias[p, f])`.

    The layer of LeCun's "Generalization and Network Design Strategies" (1989). Keras 2 had it under this name, and its
    weights, with their shapes, are the same (there, `implementation=1` took `padding="valid"` alone).

    Args:
        filters: int, the dimension of the output space (the number of filters
            at each place).
        kernel_size: int or tuple/list of 1 integer, specifying the size of the
            window.
        strides: int or tuple/list of 1 integer, specifying the stride length.
        padding: string, either `"valid"` or `"same"` (case-insensitive).
            `"valid"` means no padding. `"same"` results in padding evenly with
            zeros such that, with strides of 1, the output has the size of the
            input.
        data_format: string, either `"channels_last"` or `"channels_first"`.
            The ordering of the dimensions in the inputs. Defaults to the
            `image_data_format` value found in your Keras config file.
        activation: Activation function. If `None`, no activation is applied.
        use_bias: bool, if `True`, bias will be added to the output: one number
            for each place and filter.
        kernel_initializer: Initializer for the kernels.
        bias_initializer: Initializer for the biases.
        kernel_regularizer: Optional regularizer for the kernels.
        bias_regularizer: Optional regularizer for the biases.
        activity_regularizer: Optional regularizer function for the output.
        kernel_constraint: Optional projection function to be applied to the
            kernels after being updated by an `Optimizer`.
        bias_constraint: Optional projection function to be applied to the
            biases after being updated by an `Optimizer`.

    Input shape:
        - If `data_format="channels_last"`: `(batch_size, steps, channels)`.
        - If `data_format="channels_first"`: `(batch_size, channels, steps)`.

    Output shape:
        - If `data_format="channels_last"`: `(batch_size, new_steps, filters)`.
        - If `data_format="channels_first"`: `(batch_size, filters, new_steps)`.
    """

    rank = 1
