"""Layers in Python that a model brings: run only where somebody has allowed it, and never in the server's process."""

import ast
import contextlib
import linecache
import re
import sys
import traceback
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from types import CodeType, ModuleType

import keras

from engine.errors import EngineError
from engine.graph.document import MAX_CODE
from engine.layers.code_time import limit_time

PACKAGE = "code"
"""How a document, and Keras's registry, say that a class comes from a model's own Python."""

_FILE = "<code of a layer, "
_WRAPPER = "Error encountered:\n\n"
"""What Keras puts between its own remark and the message of the error that it passes on."""

_NOISE = re.compile(r"\x1b\[[0-9;]*m|Exception encountered when calling [^\n]*\n")


class _Switch:
    """Whether this process may run the Python of models. It can be turned on, never off."""

    allowed = False


class CodeError(EngineError):
    """The Python of a layer cannot be used. `line` is counted from 1; `argument` is the layer's field."""

    argument = "code"

    def __init__(self, code: str, message: str, hint: str | None = None, line: int | None = None):
        super().__init__(code, message, hint)
        self.line = line

    def __reduce__(self) -> tuple[type[EngineError], tuple[object, ...]]:
        return type(self), (self.code, self.message, self.hint, self.line)


def allow_code() -> None:
    """From now on this process runs the Python that models bring. For compiler and worker processes only."""
    _Switch.allowed = True


def load_code_class(class_name: str, code: str | None) -> type:
    """The layer class that the Python defines, registered with Keras as `code>` and its name.

    Raises `CodeError` with code `code_not_allowed`, `missing_code`, `invalid_code` or `code_failed`.
    """
    _require_permission(class_name)
    if not code or not code.strip():
        raise CodeError(
            "missing_code",
            f"The layer {class_name!r} is of package {PACKAGE!r} and brings no Python; expected a class of that name.",
            f"Write class {class_name}(keras.layers.Layer): …",
        )
    if len(code) > MAX_CODE:
        raise CodeError("invalid_code", f"The code has {len(code):,} characters; expected at most {MAX_CODE:,}.")
    check_code(class_name, code)
    loaded = _load(class_name, code)
    # Another version of the class may have been registered since.
    keras.saving.get_custom_objects()[f"{PACKAGE}>{class_name}"] = loaded
    return loaded


def check_code(class_name: str, code: str) -> ast.ClassDef:
    """The definition of the class, found without running anything. Raises `CodeError` (`invalid_code`)."""
    try:
        tree = ast.parse(code)
    except SyntaxError as error:
        place = f"At line {error.lineno} of the code: " if error.lineno else ""
        raise CodeError(
            "invalid_code", f"{place}{error.msg}; expected Python.", "Mend that line.", error.lineno
        ) from None
    except (ValueError, MemoryError, RecursionError) as error:
        text = f"The code cannot be read: {' '.join(str(error).split()) or 'it is nested too deeply'}."
        raise CodeError("invalid_code", text, "Make it simpler.") from None
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    if class_name not in classes:
        found = f"it defines {', '.join(classes)}" if classes else "it defines none"
        raise CodeError(
            "invalid_code",
            f"Expected the code to define the class {class_name!r}; {found}.",
            f"Rename the class, or set the layer's class to {next(iter(classes))}." if classes else "Define the class.",
        )
    return classes[class_name]


def explain_code_error(class_name: str, error: BaseException) -> CodeError | None:
    """What went wrong inside a model's own Python, with its line; None where the error comes from elsewhere."""
    found = _find_fault(error)
    if found is None:
        return None
    fault, line = found
    said = str(fault).split("Arguments received by", 1)[0].rpartition(_WRAPPER)[2]
    text = " ".join(_NOISE.sub("", said).split())[:400]
    return CodeError(
        "code_failed",
        f"At line {line} of the code of {class_name}: {type(fault).__name__}{': ' if text else ''}{text}",
        "Mend the code there.",
        line,
    )


def _require_permission(class_name: str) -> None:
    if not _Switch.allowed:
        raise CodeError(
            "code_not_allowed",
            f"The layer {class_name!r} brings Python code, and this server does not run the code of models.",
            "Where you trust all who use the server, start it with --allow-code (or LAYERLOOM_ALLOW_CODE=1).",
        )


@lru_cache(maxsize=200)
def _load(class_name: str, code: str) -> type:
    digest = blake2b(code.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    file = f"{_FILE}{digest}>"
    module = ModuleType(f"layerloom_code_{digest}")
    module.__file__ = file
    # So that tracebacks and `inspect` find the source, and `pickle` the class.
    linecache.cache[file] = (len(code), None, code.splitlines(keepends=True), file)
    sys.modules[module.__name__] = module
    with _explained(class_name), limit_time():
        program: CodeType = compile(code, file, "exec")
        exec(program, module.__dict__)  # noqa: S102 - what --allow-code is there for
    found = vars(module).get(class_name)
    if not (isinstance(found, type) and issubclass(found, keras.layers.Layer)):
        raise CodeError(
            "invalid_code",
            f"{class_name} is no layer; expected a subclass of keras.layers.Layer.",
            f"Write class {class_name}(keras.layers.Layer): …",
        )
    registered: type = keras.saving.register_keras_serializable(PACKAGE, class_name)(found)
    return registered


@contextlib.contextmanager
def _explained(class_name: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        explained = explain_code_error(class_name, error)
        text = " ".join(str(error).split())[:400] or type(error).__name__
        raise explained or CodeError("code_failed", f"The code of {class_name} cannot run: {text}") from error


def _find_fault(error: BaseException | None) -> tuple[BaseException, int] | None:
    """The error, or the one behind it, that came through a model's code, and the innermost line of that."""
    while error is not None:
        lines = [
            frame.lineno
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename.startswith(_FILE) and frame.lineno
        ]
        if lines:
            return error, lines[-1]
        error = error.__cause__ or error.__context__
    return None
