"""What locally connected layers of all ranks have in common."""

import keras


class LocallyConnected(keras.layers.Layer):
    """A convolution whose weights are not shared: every place of the output has a kernel of its own."""

    rank = 1

    def __init__(
        self,
        filters: int,
        kernel_size: int | tuple[int, ...],
        strides: int | tuple[int, ...] = 1,
        padding: str = "valid",
        data_format: str | None = None,
        activation: object = None,
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
        self.filters = self._read_sizes("filters", filters, 1)[0]
        self.kernel_size = self._read_sizes("kernel_size", kernel_size, self.rank)
        self.strides = self._read_sizes("strides", strides, self.rank)
        self.padding = str(padding).lower()
        if self.padding not in ("valid", "same"):
            raise ValueError(f'The `padding` argument must be one of "valid", "same". Received: {padding}')
        self.data_format = data_format or keras.config.image_data_format()
        if self.data_format not in ("channels_first", "channels_last"):
            raise ValueError(
                f'The `data_format` argument must be one of "channels_first", "channels_last". Received: {data_format}'
            )
        self.activation = keras.activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)
        self.kernel_regularizer = keras.regularizers.get(kernel_regularizer)
        self.bias_regularizer = keras.regularizers.get(bias_regularizer)
        self.kernel_constraint = keras.constraints.get(kernel_constraint)
        self.bias_constraint = keras.constraints.get(bias_constraint)
        self.input_spec = keras.layers.InputSpec(ndim=self.rank + 2)

    def _read_sizes(self, name: str, value: int | tuple[int, ...], count: int) -> tuple[int, ...]:
        sizes = tuple(value) if isinstance(value, list | tuple) else (value,) * count
        wrong = [size for size in sizes if type(size) is not int or size <= 0]
        if wrong or len(sizes) != count:
            expected = "a positive integer" if count == 1 else f"a positive integer or a tuple of {count} of them"
            raise ValueError(f"Expected {expected} for `{name}`. Received: {name}={value}")
        return tuple(int(size) for size in sizes)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        spatial, channels = self._split_shape(input_shape)
        if None in spatial or channels is None:
            raise ValueError(
                f"The spatial dimensions and the channels of the inputs to {type(self).__name__} must be fully-defined"
                f" (no `None`), because every place has weights of its own. Received: {tuple(input_shape)}"
            )
        places = self._count_places(spatial)
        if min(places) <= 0:
            raise ValueError(
                f"The output size would be zero or negative. Received: input_shape={tuple(input_shape)},"
                f" kernel_size={self.kernel_size}, strides={self.strides}"
            )
        area, window = 1, channels
        for count, size in zip(places, self.kernel_size, strict=True):
            area, window = area * count, window * size
        self.kernel = self.add_weight(
            name="kernel",
            shape=(area, window, self.filters),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                name="bias",
                shape=(*places, self.filters),
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
            )
        self.input_spec = keras.layers.InputSpec(shape=(None, *input_shape[1:]))
        self.built = True

    def call(self, inputs: "keras.KerasTensor") -> "keras.KerasTensor":
        last = self.data_format == "channels_last"
        axes = list(range(self.rank + 2))
        moved = inputs if last else keras.ops.transpose(inputs, [0, *axes[2:], 1])
        spatial = moved.shape[1:-1]
        places = self._count_places(spatial)
        patches = self._take_patches(moved, spatial, places)
        outputs = keras.ops.einsum("bpk,pkf->bpf", patches, self.kernel)
        outputs = keras.ops.reshape(outputs, (-1, *places, self.filters))
        if self.use_bias:
            outputs = keras.ops.add(outputs, self.bias)
        if not last:
            outputs = keras.ops.transpose(outputs, [0, axes[-1], *axes[1:-1]])
        return self.activation(outputs)

    def _take_patches(
        self, inputs: "keras.KerasTensor", spatial: tuple[int, ...], places: tuple[int, ...]
    ) -> "keras.KerasTensor":
        """The windows under the kernels: (batch, places, kernel sizes and channels in the order of the kernel)."""
        inputs = keras.ops.pad(inputs, [(0, 0), *self._list_paddings(spatial, places), (0, 0)])
        for axis in range(self.rank):
            # Each axis taken becomes two, places and offsets within the window, so the next one stands twice as far.
            starts = [place * self.strides[axis] for place in range(places[axis])]
            windows = [[start + offset for offset in range(self.kernel_size[axis])] for start in starts]
            inputs = keras.ops.take(inputs, windows, axis=1 + 2 * axis)
        where, offsets, channel = range(1, 2 * self.rank, 2), range(2, 2 * self.rank + 1, 2), 2 * self.rank + 1
        window = [*offsets, channel] if self.data_format == "channels_last" else [channel, *offsets]
        inputs = keras.ops.transpose(inputs, [0, *where, *window])
        return keras.ops.reshape(inputs, (-1, *self.kernel.shape[:2]))

    def _count_places(self, spatial: tuple[int | None, ...]) -> tuple[int, ...]:
        if self.padding == "same":
            return tuple(-(-(size or 0) // stride) for size, stride in zip(spatial, self.strides, strict=True))
        triples = zip(spatial, self.kernel_size, self.strides, strict=True)
        return tuple(((size or 0) - kernel) // stride + 1 for size, kernel, stride in triples)

    def _list_paddings(self, spatial: tuple[int, ...], places: tuple[int, ...]) -> list[tuple[int, int]]:
        """How many zeros stand before and after each spatial dimension: none where the padding is "valid"."""
        if self.padding == "valid":
            return [(0, 0)] * self.rank
        totals = [
            max((count - 1) * stride + kernel - size, 0)
            for count, stride, kernel, size in zip(places, self.strides, self.kernel_size, spatial, strict=True)
        ]
        return [(total // 2, total - total // 2) for total in totals]

    def _split_shape(self, shape: tuple[int | None, ...]) -> tuple[tuple[int | None, ...], int | None]:
        if self.data_format == "channels_last":
            return tuple(shape[1:-1]), shape[-1]
        return tuple(shape[2:]), shape[1]

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        spatial, _ = self._split_shape(input_shape)
        places = self._count_places(spatial)
        if self.data_format == "channels_last":
            return (input_shape[0], *places, self.filters)
        return (input_shape[0], self.filters, *places)

    def get_config(self) -> dict[str, object]:
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "padding": self.padding,
            "data_format": self.data_format,
            "activation": keras.activations.serialize(self.activation),
            "use_bias": self.use_bias,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "bias_initializer": keras.initializers.serialize(self.bias_initializer),
            "kernel_regularizer": keras.regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": keras.regularizers.serialize(self.bias_regularizer),
            "activity_regularizer": keras.regularizers.serialize(self.activity_regularizer),
            "kernel_constraint": keras.constraints.serialize(self.kernel_constraint),
            "bias_constraint": keras.constraints.serialize(self.bias_constraint),
        }
