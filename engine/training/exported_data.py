"""Which data an exported model is trained on, as code."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from engine.data.code import read_loader_code
from engine.data.datasets import find_source, load_dataset
from engine.data.steps.apply import settle_steps
from engine.data.steps.code import write_steps
from engine.data.steps.names import follow_names
from engine.data.steps.settings import DataStep
from engine.errors import EngineError
from engine.models.python_data import DataCode, DataFinder
from engine.training.config import DataSettings
from engine.training.exported_split import write_split
from engine.training.feeding import choose_arrays
from engine.training.run_data import PLACE, settle_validation


def make_data_finder(settings: DataSettings) -> DataFinder:
    """What `engine.models.export` asks for the data of a run with these settings. Reads data only where the number
    of classes that it is validated with is known from nothing else."""

    def find(input_names: Sequence[str], output_names: Sequence[str]) -> DataCode:
        """Raises `EngineError` `unknown_dataset`, or `ConfigError` where the settings do not fit data or model."""
        code = _find_code(settings, None, input_names, output_names, "data")
        if settings.split is not None:
            code = replace(code, split=write_split(settings, code.targets[0]))
        if (wanted := settings.validation) is None:
            return code
        validation = settle_validation(settings, wanted)
        if wanted.steps is None:
            validation = validation.model_copy(update={"steps": _settle_classes(settings)})
        return replace(code, validation=_find_code(validation, wanted.part, input_names, output_names, PLACE))

    return find


def _settle_classes(settings: DataSettings) -> list[DataStep]:
    """The steps with as many classes as the training data has: the validation data may have fewer."""
    summary = find_source(settings.dataset).summarize()
    classes = {one.name: one.classes for one in [*summary.inputs, *summary.targets]}
    settled = []
    for step in settings.steps:
        if step.function == "to_categorical" and not step.arguments.get("num_classes"):
            if not (known := classes.get(step.array)):
                return settle_steps(load_dataset(settings.dataset, settings.arguments), settings.steps)
            step = step.model_copy(update={"arguments": {**step.arguments, "num_classes": known}})  # noqa: PLW2901
        settled.append(step)
    return settled


def _find_code(
    settings: DataSettings, part: str | None, input_names: Sequence[str], output_names: Sequence[str], place: str
) -> DataCode:
    source = find_source(settings.dataset)
    load = source.load if part is None else source.load_test
    if load is None:
        raise EngineError("no_such_part", f"The data set {source.name!r} has no {part} part.")
    arguments = source.check_arguments(settings.arguments).model_dump(mode="json", exclude_unset=True)
    if isinstance(load, partial):
        # A person's own data: the function is the same for all, and the folder is what it takes.
        arguments = {**load.keywords, **arguments}
        load = load.func
    summary = source.summarize()
    names = [one.name for one in summary.inputs], [one.name for one in summary.targets]
    classes = {one.name: one.classes for one in [*summary.inputs, *summary.targets]}
    steps, step_code = write_steps(settings.steps, *names, classes)
    names = follow_names(*names, settings.steps)
    known = {"input": names[0], "output": names[1]}
    inputs, targets = choose_arrays(source.name, known, settings, input_names, output_names, place)
    weights = settings.sample_weights
    return DataCode(
        source.name, read_loader_code(load), arguments, inputs, targets, weights, steps=steps, step_code=step_code
    )
