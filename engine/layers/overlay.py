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
    ("IntegerLookup", "vocabulary"): [0, 1, 2],
    ("StringLookup", "vocabulary"): ["a", "b", "c"],
    ("TextVectorization", "vocabulary"): ["a", "b", "c"],
    ("EinsumDense", "equation"): "ab,bc->ac",
    ("EinsumDense", "output_shape"): [32],
    ("Embedding", "input_dim"): 1000,
    ("InputLayer", "shape"): [8],
    ("ModelCheckpoint", "filepath"): "checkpoint.keras",
    ("Expression", "expression"): "x * sigmoid(x)",
    ("LearningRateScheduler", "schedule"): "lr * 0.95",
}
"""Values with which a new layer starts where Keras asks for one and has no default."""

CALLED_ON_LISTS = {("HashedCrossing", "inputs")}
"""Arguments of calls that take a list of tensors without saying so."""

OWN_CATEGORIES: dict[str, str] = {"Expression": "Core"}
"""The headings of our own layers, which have no folder of Keras's to tell them."""

CATEGORY_TITLES: dict[str, str] = {"rnn": "Recurrent"}
"""Headings that read better than the name of Keras's own folder."""

FIRST_CATEGORIES = ["Core", "Convolutional", "Pooling", "Recurrent", "Attention", "Merging", "Reshaping"]
"""The headings that the palette begins with."""


Row = TypeVar("Row")


def look_up(table: dict[tuple[str, str], Row], owner: str, argument: str) -> Row | None:
    """The row of an argument: of this class, or of any."""
    return table.get((owner, argument), table.get(("*", argument)))
