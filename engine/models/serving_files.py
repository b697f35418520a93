"""Models in files that need no Keras: TensorFlow's SavedModel, ONNX, LiteRT. What they hold is inference."""

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import keras
import tensorflow as tf
from keras.src.export.export_utils import get_input_signature, make_tf_tensor_spec

from engine.errors import EngineError
from engine.layers.scope import record_warnings
from engine.models.converter_faults import ConversionError, Missing, explain_conversion, read_litert_error
from engine.models.model_ends import list_output_names
from engine.models.onnx_graph import list_missing_operators
from engine.models.order import Order, fill_order, refuse_obstacles

ENDPOINT = "serve"
"""What Keras calls the function of its own SavedModels."""

Signature = list[object]


def write_saved_model(order: Order) -> bytes:
    """A zip archive with the folder that `keras.Model.export` writes, and one difference.

    Keras exports augmentation and the like as in training where a layer's `training` is True by default; here the
    model infers, as `model.predict` does. Raises what `fill_order` does.
    """
    model = fill_order(order)
    with TemporaryDirectory(prefix="layerloom-export-") as folder, record_warnings():
        path = Path(folder) / order.name
        archive = keras.export.ExportArchive()
        archive.track(model)
        archive.add_endpoint(ENDPOINT, partial(model.__call__, training=False), read_signature(model))
        archive.write_out(path, verbose=False)
        return _zip_folder(path)


def write_onnx(order: Order) -> bytes:
    """An ONNX file with the names of the model's inputs and outputs.

    Raises what `fill_order` does, and `GraphError` with the nodes that ONNX has no operator for.
    """
    return _convert(order, _convert_to_onnx)


def write_litert(order: Order) -> bytes:
    """A LiteRT file of built-in operators only, which every LiteRT runs.

    It takes batches of any size or, where LiteRT cannot loop over those, one sample at a time. Raises as `write_onnx`.
    """
    return _convert(order, _convert_to_litert)


def read_signature(model: "keras.Model", batch: int | None = None) -> Signature:
    """The specs of what the model is called with, in the structure that Keras expects; `batch` fixes an open size."""

    def describe(spec: "keras.InputSpec") -> "tf.TensorSpec":
        tensor = make_tf_tensor_spec(spec)
        size = tensor.shape[0] if batch is None or tensor.shape[0] is not None else batch
        return tf.TensorSpec([size, *tensor.shape[1:]], tensor.dtype, tensor.name)

    signature: Signature = keras.tree.map_structure(describe, list(get_input_signature(model)))
    return signature


def _convert(order: Order, convert: Callable[["keras.Model"], bytes]) -> bytes:
    model = fill_order(order)
    with record_warnings():
        try:
            return convert(model)
        except (EngineError, MemoryError):
            raise
        except Exception as error:
            # A converter raises what it likes, and any of it means no.
            refuse_obstacles(explain_conversion(order, error, lambda marked: _find_missing(marked, convert)))
            raise


def _find_missing(model: "keras.Model", convert: Callable[["keras.Model"], bytes]) -> list[Missing]:
    """What the converter lacks for this model, whose layers have names that its complaints can be traced by."""
    try:
        convert(model)
    except ConversionError as error:
        return error.missing
    except Exception:  # noqa: BLE001 - whatever else it says names no layer
        return []
    return []


def _convert_to_onnx(model: "keras.Model") -> bytes:
    import tf2onnx
    from keras.src.export.tf2onnx_lib import patch_tf2onnx

    names = _name_outputs(model)

    def infer(inputs: object) -> "dict[str, tf.Tensor]":
        answers = keras.tree.flatten(model(inputs, training=False))
        return dict(zip(names, answers, strict=True))

    # The converter is older than numpy 2; Keras mends that for its own export too.
    patch_tf2onnx()
    signature = read_signature(model)
    proto, _ = tf2onnx.convert.from_function(tf.function(infer, input_signature=signature), signature)
    if missing := list_missing_operators(proto):
        raise ConversionError("ONNX", missing)
    # TensorFlow sorts a dictionary by its keys.
    proto.graph.output.sort(key=lambda output: names.index(output.name))
    content: bytes = proto.SerializeToString()
    return content


def _convert_to_litert(model: "keras.Model") -> bytes:
    # The converter raises what it likes; the second try says what matters.
    with suppress(Exception):
        return _export_litert(model, None)
    try:
        return _export_litert(model, 1)
    except Exception as error:
        if missing := read_litert_error(str(error)):
            raise ConversionError("LiteRT", missing) from error
        raise


def _export_litert(model: "keras.Model", batch: int | None) -> bytes:
    with TemporaryDirectory(prefix="layerloom-export-") as folder:
        path = Path(folder) / "model.tflite"
        operators = {"supported_ops": [tf.lite.OpsSet.TFLITE_BUILTINS]}
        signature = read_signature(model, batch)
        model.export(path, "litert", verbose=False, input_signature=signature, target_spec=operators)
        return path.read_bytes()


def _name_outputs(model: "keras.Model") -> list[str]:
    """The outputs' names, each once: Keras calls all outputs of one layer alike."""
    taken: list[str] = []
    for name in list_output_names(model):
        free, count = name, 1
        while free in taken:
            free, count = f"{name}_{count}", count + 1
        taken.append(free)
    return taken


def _zip_folder(folder: Path) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder.parent))
    return memory.getvalue()
