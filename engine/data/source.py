"""What a data set is before it is loaded: a description, typed arguments, and a way to read it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from engine.data.cache import CachedFile, explain_absence
from engine.data.schema import ArraySpec, DatasetSummary, Task
from engine.errors import ConfigError
from engine.graph.issues import Issue

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

    def summarize(self) -> DatasetSummary: ...

    def check_arguments(self, arguments: Mapping[str, JsonValue]) -> Arguments: ...

    def read(self, arguments: Mapping[str, JsonValue]) -> Arrays: ...


@dataclass(frozen=True)
class Source(Generic[ArgumentsT]):
    """A data set that `load` reads. `samples` and shapes are those of the arguments' defaults.

    `load` takes the arguments by keyword and answers all arrays by name. It is one of `engine.data.loaders`, whose
    code an exported model brings along.

    `files` is what has to be in Keras's cache, empty where the data comes with a library. `preview_arguments` keep a
    preview small where the default arguments would not.
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
    class_names: tuple[str, ...] = ()
    files: tuple[CachedFile, ...] = ()
    download_bytes: int | None = None
    preview_arguments: Mapping[str, JsonValue] = field(default_factory=dict)

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
            download_bytes=self.download_bytes,
        )

    def read(self, arguments: Mapping[str, JsonValue]) -> Arrays:
        """Reads the data.

        Raises:
            ConfigError: an argument is unknown or of the wrong type; code `invalid_dataset_argument`.
        """
        arrays = self.load(**self.check_arguments(arguments).model_dump())
        return Arrays(
            {spec.name: arrays[spec.name] for spec in self.inputs},
            {spec.name: arrays[spec.name] for spec in self.targets},
            self.class_names,
        )

    def check_arguments(self, arguments: Mapping[str, JsonValue]) -> ArgumentsT:
        """The arguments that were given, with their types. Raises `ConfigError` as `read` does."""
        try:
            return self.arguments.model_validate(dict(arguments))
        except ValidationError as error:
            known = ", ".join(self.arguments.model_fields) or "none"
            issues = [
                Issue(
                    code="invalid_dataset_argument",
                    message=f"The argument {'.'.join(map(str, fault['loc']))!r} of data set {self.name!r}:"
                    f" {fault['msg']}; received {fault['input']!r}.",
                    argument=".".join(["data.arguments", *map(str, fault["loc"])]),
                    hint=f"The arguments of {self.name}: {known}.",
                )
                for fault in error.errors()
            ]
            raise ConfigError("invalid_dataset_argument", issues[0].message, issues[0].hint, issues) from error
