"""The weights of classes that a training uses, with what the classes are called."""

from engine.data.datasets import Dataset
from engine.errors import EngineError
from engine.training.config import RunConfig
from engine.training.events import ClassWeight
from engine.training.feeding import FedData
from engine.training.run_data import load_training_dataset
from engine.training.splitting import list_class_weights


def name_class_weights(config: RunConfig, data: FedData) -> list[ClassWeight]:
    """The weights of classes that are numbers already, in the order of the labels; none where nothing is weighed.

    A class is called by its label where the data set has no name for it.
    """
    weights = list_class_weights(config.fit)
    if not weights:
        return []
    names = _find_names(config, data.target_names[0])
    return [
        ClassWeight(label=label, name=names[label] if label < len(names) else str(label), weight=weight)
        for label, weight in sorted(weights.items())
    ]


def _find_names(config: RunConfig, target: str) -> tuple[str, ...]:
    try:
        dataset: Dataset = load_training_dataset(config.data)
    except EngineError:
        # The arrays came from somewhere else than the data set that is named.
        return ()
    classes = {spec.name: spec.classes for spec in dataset.target_specs}.get(target)
    return dataset.class_names if classes == len(dataset.class_names) else ()
