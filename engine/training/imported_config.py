"""The run's config of an imported model: its compile settings, with data that fits the model's inputs."""

from pydantic import JsonValue, ValidationError

from engine.data.datasets import list_datasets
from engine.data.schema import DatasetSummary
from engine.graph.document import Graph
from engine.graph.issues import Issue
from engine.models.check import GraphChecker
from engine.models.results import CheckResult
from engine.training.config import CompileSettings, DataSettings, RunConfig

Shape = list[int | None]


def make_run_config(compile_settings: dict[str, JsonValue], graph: Graph) -> tuple[RunConfig | None, list[Issue]]:
    """The config, and what there is to tell about it. A model file does not say on which data the model was trained."""
    try:
        settings = CompileSettings.model_validate(compile_settings)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        return None, [_tell(f"The compile settings were left out: {place}: {first['msg']}.")]
    dataset = _pick_dataset(GraphChecker().check(graph))
    if dataset is None:
        return None, [_tell("The compile settings were left out, because no data set is at hand to train with.")]
    message = f"A model file does not say which data the model is for; {dataset.title} is set for now."
    return RunConfig(compile=settings, data=DataSettings(dataset=dataset.name)), [_tell(message)]


def _pick_dataset(check: CheckResult) -> DatasetSummary | None:
    """The first data set at hand whose arrays have the shapes of the model's inputs; otherwise the first one."""
    at_hand = [dataset for dataset in list_datasets() if dataset.available]
    shapes = [check.nodes[name].outputs[0].shape[1:] for name in check.inputs if name in check.nodes]
    fitting = (dataset for dataset in at_hand if shapes and _fits([one.shape for one in dataset.inputs], shapes))
    return next(fitting, at_hand[0] if at_hand else None)


def _fits(data: list[Shape], inputs: list[Shape]) -> bool:
    return len(data) == len(inputs) and all(
        len(one) == len(other) and all(a is None or b is None or a == b for a, b in zip(one, other, strict=True))
        for one, other in zip(data, inputs, strict=True)
    )


def _tell(message: str) -> Issue:
    return Issue(code="training_taken_over", message=message, severity="warning")
