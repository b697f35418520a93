"""A file made into a document: `.keras`, `.h5` of Keras 3 and 2, or JSON, whatever it is called."""

from pathlib import Path

import h5py
from pydantic import JsonValue

from engine.errors import EngineError
from engine.models.hdf5 import MAGIC, open_hdf5
from engine.models.importing.archives import CONFIG, WEIGHTS, open_archive, read_member
from engine.models.importing.configs import import_config
from engine.models.importing.plain_json import parse_json
from engine.models.importing.results import ImportResult
from engine.models.importing.taking_weights import take_weights
from engine.models.limits import DEFAULT_LIMITS, Limits

ZIP_MAGIC = b"PK"
JSON_STARTS = (b"{", b"[", b'"')
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

KNOWN_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\x80", "a Python pickle, which could run any code"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x93NUMPY", "a single NumPy array"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8", "a picture"),
    (b"%PDF", "a PDF document"),
    (b"<", "a web page or XML"),
    (b"\x7fELF", "a program"),
    (b"\x08", "an ONNX or TensorFlow graph"),
)
"""What a file is, by its first bytes, that people take for a model."""


def import_file(path: Path, weights_path: Path | None = None, limits: Limits = DEFAULT_LIMITS) -> ImportResult:
    """The document of the model in a file; its weights are written to `weights_path` as npz.

    Raises `EngineError`: `invalid_model_file`, `subclassed_model`, `too_large`.
    """
    with path.open("rb") as file:
        start = file.read(64).removeprefix(BYTE_ORDER_MARK)
    if start.startswith(MAGIC):
        return _import_hdf5(path, weights_path, limits)
    if start.startswith(ZIP_MAGIC):
        return _import_archive(path, weights_path, limits)
    if start.lstrip().startswith(JSON_STARTS):
        if path.stat().st_size > limits.max_config_bytes:
            raise EngineError(
                "too_large",
                f"The JSON has {path.stat().st_size:,} bytes; expected at most {limits.max_config_bytes:,}.",
            )
        return import_config(parse_json(path.read_bytes().removeprefix(BYTE_ORDER_MARK), limits), limits)
    raise _explain_unknown(start)


def _import_archive(path: Path, weights_path: Path | None, limits: Limits) -> ImportResult:
    with open_archive(path, limits) as archive:
        if CONFIG not in archive.namelist() and all(name.endswith(".npy") for name in archive.namelist()):
            raise EngineError(
                "weights_only",
                "This is an npz file, which holds arrays and no model.",
                "Open the model that the weights are for, and put them into it there.",
            )
        config = parse_json(read_member(archive, CONFIG, limits.max_config_bytes), limits)
        has_weights = WEIGHTS in archive.namelist()
    result = import_config(config, limits)
    return take_weights(result, path, weights_path) if has_weights else result


def _import_hdf5(path: Path, weights_path: Path | None, limits: Limits) -> ImportResult:
    with open_hdf5(path) as file:
        config = _read_attribute(file, "model_config", limits)
        training = _read_attribute(file, "training_config", limits)
        if config is None:
            raise EngineError(
                "weights_only",
                "This HDF5 file holds weights and no model: it has no model_config.",
                "Open the model that the weights are for, and put them into it there; or save the whole model.",
            )
        has_weights = "model_weights" in file
    result = import_config(config, limits, training)
    return take_weights(result, path, weights_path) if has_weights else result


def _read_attribute(file: "h5py.File", name: str, limits: Limits) -> JsonValue:
    if name not in file.attrs:
        return None
    size = file.attrs.get_id(name).get_storage_size()
    if size > limits.max_config_bytes:
        raise EngineError("too_large", f"{name} has {size:,} bytes; expected at most {limits.max_config_bytes:,}.")
    text = file.attrs[name]
    if isinstance(text, str):
        text = text.encode("utf-8", "surrogatepass")
    if not isinstance(text, bytes):
        raise EngineError("invalid_model_file", f"The file's {name} is no text.", "Save the model again.")
    return parse_json(text, limits)


def _explain_unknown(start: bytes) -> EngineError:
    what = next((what for known, what in KNOWN_STARTS if start.startswith(known)), None)
    seen = f"it looks like {what}" if what else "it is empty" if not start else f"it begins with {start[:8]!r}"
    return EngineError(
        "invalid_model_file",
        f"The file is neither a .keras file nor an .h5 file nor JSON: {seen}.",
        "Take what model.save('model.keras'), model.save('model.h5') or model.to_json() gives.",
    )
