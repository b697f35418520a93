"""Small models that were really trained, with their checkpoints."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import keras
import pytest
from pydantic import JsonValue

from engine.data.datasets import load_dataset
from engine.evaluation.evaluate import evaluate
from engine.evaluation.predict import predict
from engine.evaluation.requests import PredictRequest
from engine.evaluation.results import EvaluateRequest, Evaluation, Predictions
from engine.graph.document import Graph
from engine.models.builder import build_model
from engine.models.model_ends import list_output_names
from engine.models.templates import list_templates
from engine.training.compile_settings import compile_model
from engine.training.config import RunConfig
from engine.training.feeding import feed_model


@dataclass(frozen=True)
class Trained:
    """A run that is over: its graph, its config and its checkpoint."""

    graph: Graph
    config: RunConfig
    checkpoint: Path

    def evaluate(self, **request: JsonValue) -> Evaluation:
        return evaluate(self.graph, self.config, self.checkpoint, EvaluateRequest.model_validate(request))

    def predict(self, request: PredictRequest) -> Predictions:
        return predict(self.graph, self.config, self.checkpoint, request)


TrainTemplate = Callable[..., Trained]


@pytest.fixture(scope="session")
def train_template(tmp_path_factory: pytest.TempPathFactory) -> TrainTemplate:
    """Trains a template for a few epochs; keyword arguments replace whole sections of its config."""

    def run(template: str, epochs: int = 2, **sections: JsonValue) -> Trained:
        found = next(one for one in list_templates() if one.id == template)
        assert found.training is not None
        settings = RunConfig.model_validate(found.training).model_dump(mode="json")
        settings["fit"] |= {"epochs": epochs, "validation_split": 0.2}
        config = RunConfig.model_validate({**settings, **sections})
        path = tmp_path_factory.mktemp(template) / "model.keras"
        keras.utils.set_random_seed(0)
        model = build_model(found.graph)
        dataset = load_dataset(config.data.dataset, config.data.arguments)
        names = [tensor.name for tensor in model.inputs]
        data = feed_model(dataset, config.data, names, list_output_names(model))
        compile_model(model, config.compile)
        model.fit(data.x, data.y, verbose=0, **config.fit.model_dump())
        model.save(path)
        return Trained(found.graph, config, path)

    return run


@pytest.fixture(scope="session")
def digits(train_template: TrainTemplate) -> Trained:
    return train_template("digits_cnn")


@pytest.fixture(scope="session")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, RunConfig], Trained]:
    """A template's model with new weights, saved as a checkpoint, and another config."""

    def make(template: str, config: RunConfig) -> Trained:
        found = next(one for one in list_templates() if one.id == template)
        path = tmp_path_factory.mktemp(template) / "model.keras"
        build_model(found.graph).save(path)
        return Trained(found.graph, config, path)

    return make
