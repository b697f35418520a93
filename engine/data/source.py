"""What a data set is before it is loaded: a description, typed arguments, and a way to read it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from engine.data.cache import CachedFile, explain_absence
from engine.data.named_faults import list_faults
from engine.data.schema import ArraySpec, DatasetSummary, Task
from engine.data.words import WordFile, Words, read_words
from engine.errors import ConfigError

Array = npt.NDArray[np.number]


@dataclass(frozen=True, slots=True)
class Arrays:
    """What reading a data set gives: arrays by name with the samples along axis 0, and the names of the classes."""

    inputs: dict[str, Array]
    targets: dict[str, Array]
    class_names: tuple[str, ...] = ()


class Arguments(BaseModel):
    """The arguments that a data set takes. An unknown one is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


ArgumentsT = TypeVar("ArgumentsT", bound=Arguments)

Loader = Callable[..., dict[str, np.ndarray]]


class DatasetSource(Protocol):
    """A data set by name, whatever its arguments are."""

    @property
    def name(self) -> str: ...

    @property
    def description(self) -> str: ...

    @property
    def preview_arguments(self) -> Mapping[str, JsonValue]: ...

    @property
    def load(self) -> Loader: ...

    @property
    def load_test(self) -> Loader | None: ...

    @property
    def files(self) -> tuple[CachedFile, ...]: ...

    @property
    def word_file(self) -> WordFile | None: ...

    def summarize(self) -> DatasetSummary: ...

    def check_arguments(self, arguments: Mapping[str, JsonValue]) -> Arguments: ...

    def read(self, arguments: Mapping[str, JsonValue]) -> Arrays: ...

    def read_test(self, arguments: Mapping[str, JsonValue]) -> Arrays | None: ...

    def read_words(self, arguments: Mapping[str, JsonValue]) -> Words | None: ...


@dataclass(frozen=True)
class Source(Generic[ArgumentsT]):
    """A data set that `load` reads. `samples` and shapes are those of the arguments' defaults.

    `load` takes the arguments by keyword and answers all arrays by name. It is one of `engine.data.loaders`, whose
    code an exported model brings along. `load_test` reads the test part in the same way, where there is one.

    `files` is what has to be in Keras's cache, empty where the data comes with a library. `preview_arguments` keep a
    preview small where the default arguments would not. `word_file` says which words the numbers of a text stand for;
    the data can be used without it.
    """

    name: str
    title: str
    origin: str
    task: Task
    samples: int
    description: str
    inputs: tuple[ArraySpec, ...]
    targets: tuple[ArraySpec, ...]
    arguments: type[ArgumentsT]
    load: Loader
    load_test: Loader | None = None
    class_names: tuple[str, ...] = ()
    files: tuple[CachedFile, ...] = ()
    download_bytes: int | None = None
    preview_arguments: Mapping[str, JsonValue] = field(default_factory=dict)
    word_file: WordFile | None = None

    def summarize(self) -> DatasetSummary:
        """What is known without reading the data."""
        reason = explain_absence(self.files)
        return DatasetSummary(
            name=self.name,
            title=self.title,
            source=self.origin,
            task=self.task,
            samples=self.samples,
            inputs=list(self.inputs),
            targets=list(self.targets),
            available=reason is None,
            reason=reason,
            has_test_part=self.load_test is not None,
            download_bytes=self.download_bytes,
            arguments_schema=self.arguments.model_json_schema(),
        )

    def read(self, arguments: Mapping[str, JsonValue]) -> Arrays:
        """Reads the data.

        Raises:
            ConfigError: an argument is unknown or of the wrong type; code `invalid_dataset_argument`.
        """
        return self._read(self.load, arguments)

    def read_test(self, arguments: Mapping[str, JsonValue]) -> Arrays | None:
        """Reads the test part, in the form of the data set with these arguments; None where there is none.

        Raises:
            ConfigError: as `read` does.
        """
        return None if self.load_test is None else self._read(self.load_test, arguments)

    def _read(self, load: Loader, arguments: Mapping[str, JsonValue]) -> Arrays:
        arrays = load(**self.check_arguments(arguments).model_dump())
        return Arrays(
            {spec.name: arrays[spec.name] for spec in self.inputs},
            {spec.name: arrays[spec.name] for spec in self.targets},
            self.class_names,
        )

    def read_words(self, arguments: Mapping[str, JsonValue]) -> Words | None:
        """The words of the texts that `read` gives with these arguments; None where there are no texts."""
        if self.word_file is None:
            return None
        return read_words(self.word_file, self.check_arguments(arguments).model_dump())

    def check_arguments(self, arguments: Mapping[str, JsonValue]) -> ArgumentsT:
        """The arguments that were given, with their types. Raises `ConfigError` as `read` does."""
        try:
            return self.arguments.model_validate(dict(arguments))
        except ValidationError as error:
            issues = list_faults(
                error, self.arguments, code="invalid_dataset_argument",
                word="argument", owner=f"data set {self.name!r}", place="data.arguments",
            )  # fmt: skip
            raise ConfigError("invalid_dataset_argument", issues[0].message, issues[0].hint, issues) from error
