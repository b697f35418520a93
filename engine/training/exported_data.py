"""Which data an exported model is trained on, as code."""

from collections.abc import Sequence

from engine.data.code import read_loader_code
from engine.data.datasets import find_source
from engine.models.python_data import DataCode, DataFinder
from engine.training.config import DataSettings
from engine.training.feeding import choose_arrays


def make_data_finder(settings: DataSettings) -> DataFinder:
    """What `engine.models.export` asks for the data of a run with these settings. Reads no data."""

    def find(input_names: Sequence[str], output_names: Sequence[str]) -> DataCode:
        """Raises `EngineError` `unknown_dataset`, or `ConfigError` where the settings do not fit data or model."""
        source = find_source(settings.dataset)
        arguments = source.check_arguments(settings.arguments).model_dump(mode="json", exclude_unset=True)
        summary = source.summarize()
        known = {"input": [one.name for one in summary.inputs], "output": [one.name for one in summary.targets]}
        inputs, targets = choose_arrays(source.name, known, settings, input_names, output_names)
        return DataCode(source.name, read_loader_code(source.load), arguments, inputs, targets)

    return find
