"""Where callbacks may write: inside the run's folder, under names that a person chose."""

import inspect
import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from pydantic import JsonValue

from engine.layers.discover import discover_classes
from engine.layers.safety import NAMES_ONLY, PATH_ARGUMENTS, UnsafeConfigError, check_path_is_relative
from engine.training.config import KerasObject
from engine.training.keras_objects import ConfigIssues

FILES_FOLDER = "callbacks"
"""The folder, within an attempt's, that the files of callbacks are written to."""

MAX_PATH = 200

FOLDERS = {"log_dir", "backup_dir", "directory"}
"""Arguments that name a folder; the others name a file."""

_PLACEHOLDER = re.compile(r"\{(?P<name>\w+)(:0?\d{0,2}(\.\d)?[dfeg]?)?\}")
_PLAIN_PATH = re.compile(r"[\w./=+ -]*")


def find_files_folder(directory: Path, fold: int | None = None) -> Path:
    """Where callbacks write: in the attempt's folder, and in a K-fold run in a folder for each fold there."""
    folder = directory / FILES_FOLDER
    return folder if fold is None else folder / f"fold_{fold}"


def confine_paths(reference: KerasObject, path: str, folder: Path) -> KerasObject:
    """The callback with its paths inside `folder`, those that Keras would choose itself too.

    Raises:
        ConfigError: a path leads elsewhere; the issues name the setting, `path` and the argument.
    """
    config = {**_list_default_paths(reference.class_name), **reference.config}
    for argument in PATH_ARGUMENTS & config.keys():
        value = config[argument]
        if argument not in NAMES_ONLY:
            config[argument] = str(folder / _check(reference.class_name, f"{path}.{argument}", argument, value))
        elif isinstance(value, dict):
            # A copy, as Keras takes names out of it.
            config[argument] = {
                layer: _check(reference.class_name, f"{path}.{argument}.{layer}", argument, name)
                for layer, name in value.items()
            }
        elif value is not None:
            _check(reference.class_name, f"{path}.{argument}", argument, value)
    return KerasObject(class_name=reference.class_name, config=config)


def check_places(wanted: Sequence[KerasObject]) -> None:
    """Makes sure that no callback writes over what another one writes. Folders may be shared.

    Raises:
        ConfigError: two write to the same file, or one to a file where another one needs a folder; the issues name the
            later of the two.
    """
    problems = ConfigIssues()
    seen: list[tuple[str, PurePosixPath, bool]] = []
    for index, argument, value in _list_paths(wanted):
        path, is_file = PurePosixPath(value), argument not in FOLDERS
        name = wanted[index].class_name
        for other, other_path, other_is_file in seen:
            if (is_file and path in (other_path, *other_path.parents)) or (
                other_is_file and other_path in (path, *path.parents)
            ):
                message = f"{name} writes to {value!r}, and so does {other}; expected a file for each of them."
                problems.add("same_file", f"callbacks.{index}.{argument}", message, "Give one of them another name.")
                break
        seen.append((name, path, is_file))
    problems.raise_if_any()


def make_folders(wanted: Sequence[KerasObject], directory: Path, fold: int | None = None) -> None:
    """Makes the folders that the callbacks write to, as Keras does not. `directory` is the attempt's."""
    for _, argument, value in _list_paths(wanted):
        path = find_files_folder(directory, fold) / value
        folder = path if argument in FOLDERS else path.parent
        # Keras makes those that are named after epochs.
        if "{" not in str(folder):
            folder.mkdir(parents=True, exist_ok=True)


def _list_paths(wanted: Sequence[KerasObject]) -> Iterator[tuple[int, str, str]]:
    """The place of each callback that writes, the argument that says where, and where."""
    for index, reference in enumerate(wanted):
        config = {**_list_default_paths(reference.class_name), **reference.config}
        yield from ((index, name, str(config[name])) for name in (PATH_ARGUMENTS - NAMES_ONLY) & config.keys())


def _list_default_paths(class_name: str) -> dict[str, JsonValue]:
    """Paths that Keras takes where none is given, such as the `log_dir` of TensorBoard."""
    callbacks = discover_classes("callbacks").values()
    found = next((one.value for one in callbacks if one.name.lower() == class_name.lower()), None)
    parameters = {} if found is None else inspect.signature(found).parameters
    return {
        name: one.default for name, one in parameters.items() if name in PATH_ARGUMENTS and isinstance(one.default, str)
    }


def _check(class_name: str, where: str, argument: str, value: JsonValue) -> str:
    """The path, where it is one that stays inside its folder. Raises ConfigError."""
    problems = ConfigIssues()
    if not isinstance(value, str):
        problems.add("invalid_argument", where, f"{argument} of {class_name}: expected a text; received {value!r}.")
        problems.raise_if_any()
    template = str(value)
    # Keras fills in the placeholders with numbers.
    plain = _PLACEHOLDER.sub("0", template)
    try:
        check_path_is_relative(class_name, argument, plain)
    except UnsafeConfigError as error:
        problems.add(error.code, where, error.message, error.hint)
    if not problems.issues and not _PLAIN_PATH.fullmatch(plain):
        message = (
            f"{class_name} got {argument}={template[:MAX_PATH]!r}; expected letters, digits and . _ - = + /, and"
            " placeholders such as {epoch:02d}."
        )
        problems.add("refused_path", where, message, "Such as 'best.keras'.")
    if not problems.issues and len(template) > MAX_PATH:
        message = f"{argument} of {class_name} has {len(template)} characters; expected at most {MAX_PATH}."
        problems.add("refused_path", where, message)
    problems.raise_if_any()
    return template
