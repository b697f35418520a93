"""The few things about Keras's classes that neither their signatures nor their docstrings nor trying them out can tell.

Every row names a class (or `*`, any) and an argument; a test holds that each still exists in the installed Keras.
"""

from collections.abc import Callable
from typing import TypeVar

import keras
from pydantic import JsonValue

from engine.layers.schema import Kind

HIDDEN: dict[tuple[str, str], str] = {
    ("EinsumDense", "gptq_unpacked_column_size"): "Keras sets it itself when it quantizes",
    ("*", "input_tensor"): "a live tensor, which a document cannot hold",
}
"""Arguments that are left out, with the reason."""

KINDS: dict[tuple[str, str], tuple[Kind, ...]] = {
    ("*", "vocabulary"): ("tuple",),
    ("*", "idf_weights"): ("tuple",),
    ("*", "flash_attention"): ("boolean",),
    ("Embedding", "weights"): ("json",),
    ("EinsumDense", "equation"): ("string",),
    ("*", "expression"): ("expression",),
    ("LearningRateScheduler", "schedule"): ("expression",),
    ("Einsum", "subscripts"): ("string",),
    ("Hashing", "mask_value"): ("integer", "string"),
    ("MaxNumBoundingBoxes", "fill_value"): ("integer",),
    ("Normalization", "mean"): ("float", "tuple"),
    ("Normalization", "variance"): ("float", "tuple"),
    ("RandomErasing", "fill_value"): ("float",),
    ("ReversibleEmbedding", "logit_soft_cap"): ("float",),
    ("StringLookup", "mask_token"): ("string",),
    ("IntegerLookup", "mask_token"): ("integer",),
    ("IntegerLookup", "oov_token"): ("integer",),
    ("F1Score", "threshold"): ("float",),
    ("FBetaScore", "threshold"): ("float",),
    ("BatchNormalization", "renorm_clipping"): ("json",),
    ("EarlyStopping", "baseline"): ("float",),
    ("InverseTimeDecay", "decay_steps"): ("integer",),
    ("SparseCategoricalCrossentropy", "ignore_class"): ("integer",),
    ("StringLookup", "salt"): ("integer", "tuple"),
    ("IntegerLookup", "salt"): ("integer", "tuple"),
    ("InputLayer", "batch_size"): ("integer",),
    ("TensorBoard", "histogram_freq"): ("integer",),
    ("TensorBoard", "embeddings_freq"): ("integer",),
    ("TensorBoard", "profile_batch"): ("integer", "tuple"),
}
"""Kinds of arguments that Keras does not describe in words that a program can read."""

ITEMS: dict[tuple[str, str], tuple[Kind, ...]] = {
    ("IntegerLookup", "vocabulary"): ("integer",),
    ("*", "vocabulary"): ("string",),
    ("Expression", "variables"): ("string",),
    ("*", "value_range"): ("float",),
    ("*", "target_class_ids"): ("integer",),
    ("*", "window"): ("float",),
}
"""What the tuples of these arguments hold."""

VARIABLES: dict[tuple[str, str], tuple[str, ...]] = {
    ("ExpressionLoss", "expression"): ("y_true", "y_pred"),
    ("ExpressionMetric", "expression"): ("y_true", "y_pred"),
    ("LearningRateScheduler", "schedule"): ("epoch", "lr"),
}
"""What the formulas of these arguments may name. Those of the layer `Expression` are in its argument `variables`."""

DOCUMENTED_BY: dict[str, Callable[..., object]] = {"InputLayer": keras.Input}
"""Where the help texts of a class stand, if not in its own docstring."""

RECURRENT_CELL: JsonValue = {
    "module": "keras.layers",
    "class_name": "LSTMCell",
    "config": {"units": 32},
    "registered_name": None,
}

EXAMPLES: dict[tuple[str, str], JsonValue] = {
    ("*", "units"): 32,
    ("*", "filters"): 32,
    ("*", "kernel_size"): 3,
    ("*", "rate"): 0.5,
    ("*", "output_dim"): 16,
    ("*", "key_dim"): 16,
    ("*", "height"): 32,
    ("*", "width"): 32,
    ("*", "num_bins"): 10,
    ("*", "target_shape"): [-1],
    ("Permute", "dims"): [2, 1],
    ("RNN", "cell"): RECURRENT_CELL,
    ("StackedRNNCells", "cells"): [RECURRENT_CELL, RECURRENT_CELL],
    ("CategoryEncoding", "num_tokens"): 10,
    ("Discretization", "num_bins"): 10,
    ("EinsumDense", "equation"): "ab,bc->ac",
    ("EinsumDense", "output_shape"): [32],
    ("Embedding", "input_dim"): 1000,
    ("InputLayer", "shape"): [8],
    ("ModelCheckpoint", "filepath"): "checkpoint.keras",
    ("Expression", "expression"): "x * sigmoid(x)",
    ("LearningRateScheduler", "schedule"): "lr * 0.95",
}
"""Values with which a new layer starts where Keras asks for one and has no default."""

LEARNED: dict[str, tuple[str, ...]] = {
    "Discretization": ("bin_boundaries",),
    "IntegerLookup": ("vocabulary", "idf_weights"),
    "Normalization": ("mean", "variance"),
    "StringLookup": ("vocabulary", "idf_weights"),
    "TextVectorization": ("vocabulary", "idf_weights"),
}
"""The arguments that say what `adapt` learns, by class: the first one tells whether a layer has learned anything.

How each is read from a layer that was adapted is in `engine.layers.learned`.
"""

REPLACED_BY_LEARNED: dict[tuple[str, str], str] = {("Discretization", "bin_boundaries"): "num_bins"}
"""Arguments that only say how to learn, and that Keras refuses beside what was learned."""

LEARNED_IN_WEIGHTS: dict[str, tuple[str, ...]] = {"Normalization": ("mean", "variance")}
"""The same where Keras keeps it in weights: the first ones of the layer, in this order."""

OPERATION_EXAMPLES: dict[str, dict[str, JsonValue]] = {
    "adaptive_average_pool": {"output_size": [2, 2]},
    "adaptive_max_pool": {"output_size": [2, 2]},
    "argpartition": {"kth": 1},
    "broadcast_to": {"shape": [1, 8]},
    "clip": {"x_min": 0, "x_max": 1},
    "depth_to_space": {"block_size": 2},
    "einsum": {"subscripts": "ab,ab->a"},
    "fold": {"output_size": [3, 3], "kernel_size": 2},
    "image.crop_images": {"top_cropping": 1, "bottom_cropping": 1, "left_cropping": 1, "right_cropping": 1},
    "image.map_coordinates": {"order": 1},
    "image.pad_images": {"top_padding": 1, "bottom_padding": 1, "left_padding": 1, "right_padding": 1},
    "image.resize": {"size": [32, 32]},
    "image.scale_and_translate": {"spatial_dims": [1, 2], "method": "linear"},
    "moveaxis": {"source": 1, "destination": -1},
    "multi_hot": {"num_classes": 8},
    "one_hot": {"num_classes": 10},
    "pad": {"pad_width": [[0, 0], [1, 1]]},
    "psnr": {"max_val": 1.0},
    "reshape": {"newshape": [-1]},
    "space_to_depth": {"block_size": 2},
    "swapaxes": {"axis1": 0, "axis2": 1},
    "threshold": {"threshold": 0, "default_value": 0},
}
"""Configs with which a new operation starts, by its public name, where trying finds none or a poor one."""

OPERATION_CALLS: dict[str, list[JsonValue]] = {
    "ctc_decode": [{"shape": [2, 8, 4], "dtype": "float32"}, {"shape": [2], "dtype": "int32"}],
    "ctc_loss": [
        {"shape": [None, 8], "dtype": "int32"},
        {"shape": [None, 8, 4], "dtype": "float32"},
        {"shape": [None], "dtype": "int32"},
        {"shape": [None], "dtype": "int32"},
    ],
    "batch_normalization": [
        {"shape": [None, 8], "dtype": "float32"},
        {"shape": [8], "dtype": "float32"},
        {"shape": [8], "dtype": "float32"},
        {"shape": [8], "dtype": "float32"},
        {"shape": [8], "dtype": "float32"},
    ],
    "broadcast_to": [{"shape": [8], "dtype": "float32"}],
    "depth_to_space": [{"shape": [None, 8, 8, 4], "dtype": "float32"}],
    "digitize": [
        {"shape": [None, 8], "dtype": "float32"},
        {"class_name": "__numpy__", "config": {"value": [0.0, 1.0], "dtype": "float32"}},
    ],
    "conv": [{"shape": [None, 8, 8, 3], "dtype": "float32"}, {"shape": [3, 3, 3, 2], "dtype": "float32"}],
    "fold": [{"shape": [None, 12, 4], "dtype": "float32"}],
    "in_top_k": [{"shape": [None], "dtype": "int32"}, {"shape": [None, 8], "dtype": "float32"}],
    "nanpercentile": [{"shape": [None, 8], "dtype": "float32"}, 50],
    "nanquantile": [{"shape": [None, 8], "dtype": "float32"}, 0.5],
    "image.perspective_transform": [
        {"shape": [None, 8, 8, 3], "dtype": "float32"},
        {"shape": [None, 4, 2], "dtype": "float32"},
        {"shape": [None, 4, 2], "dtype": "float32"},
    ],
    "image.elastic_transform": [{"shape": [None, 8, 8, 3], "dtype": "float32"}],
    "image.affine_transform": [
        {"shape": [None, 8, 8, 3], "dtype": "float32"}, {"shape": [None, 8], "dtype": "float32"},
    ],
    "image.map_coordinates": [{"shape": [8, 8], "dtype": "float32"}, {"shape": [2, 5], "dtype": "float32"}],
    "image.scale_and_translate": [
        {"shape": [2, 8, 8, 3], "dtype": "float32"}, [2, 16, 16, 3], [2.0, 2.0], [0.0, 0.0],
    ],
    "rearrange": [{"shape": [2, 4, 4], "dtype": "float32"}, "b h w -> b (h w)"],
    "segment_max": [{"shape": [None, 8], "dtype": "float32"}, {"shape": [None], "dtype": "int32"}],
    "segment_min": [{"shape": [None, 8], "dtype": "float32"}, {"shape": [None], "dtype": "int32"}],
    "segment_prod": [{"shape": [None, 8], "dtype": "float32"}, {"shape": [None], "dtype": "int32"}],
    "segment_sum": [{"shape": [None, 8], "dtype": "float32"}, {"shape": [None], "dtype": "int32"}],
    "select": [[{"shape": [None, 8], "dtype": "bool"}], [{"shape": [None, 8], "dtype": "float32"}]],
    "vander": [{"shape": [None], "dtype": "float32"}],
    "view_as_complex": [{"shape": [None, 8, 2], "dtype": "complex64"}],
    "slice": [{"shape": [4], "dtype": "float32"}, [0]],
    "slice_update": [{"shape": [4, 4], "dtype": "float32"}, [0, 0], {"shape": [2, 2], "dtype": "float32"}],
    "scatter": [{"shape": [3, 1], "dtype": "int32"}, {"shape": [3], "dtype": "float32"}],
    "scatter_update": [
        {"shape": [8], "dtype": "float32"}, {"shape": [3, 1], "dtype": "int32"}, {"shape": [3], "dtype": "float32"},
    ],
}  # fmt: skip
"""Calls that trying would not come upon, by public name: tensors by shape and dtype, and constants."""

CALLED_ON_LISTS = {("HashedCrossing", "inputs")}
"""Arguments of calls that take a list of tensors without saying so."""

OWN_CATEGORIES: dict[str, str] = {
    "Expression": "Core",
    "Highway": "Core",
    "MaxoutDense": "Core",
    "LocallyConnected1D": "Convolutional",
    "LocallyConnected2D": "Convolutional",
    "SReLU": "Activations",
    "ThresholdedReLU": "Activations",
}
"""The headings of our own layers, which have no folder of Keras's to tell them."""

CATEGORY_TITLES: dict[str, str] = {"rnn": "Recurrent"}
"""Headings that read better than the name of Keras's own folder."""

FIRST_CATEGORIES = ["Core", "Convolutional", "Pooling", "Recurrent", "Attention", "Merging", "Reshaping"]
"""The headings that the palette begins with."""


Row = TypeVar("Row")


def look_up(table: dict[tuple[str, str], Row], owner: str, argument: str) -> Row | None:
    """The row of an argument: of this class, or of any."""
    return table.get((owner, argument), table.get(("*", argument)))
