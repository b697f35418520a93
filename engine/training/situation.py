"""Graph, training config and data together: what the checks of a training look at."""

from dataclasses import dataclass

from engine.graph.document import Graph
from engine.models.check import GraphChecker
from engine.training.config import RunConfig
from engine.training.feeding import FedData
from engine.training.findings import Findings
from engine.training.linked_graph import LinkedGraph
from engine.training.targets import TargetKind, describe_target
from engine.training.trial import OutputEnd, Trial


@dataclass(frozen=True, slots=True)
class Situation:
    """One graph with one config and its data; `findings` gathers what the checks say."""

    checker: GraphChecker
    graph: Graph
    config: RunConfig
    linked: LinkedGraph
    findings: Findings


@dataclass(frozen=True, slots=True)
class FedSituation(Situation):
    """The same with data that goes into the inputs, and a trial on some of it."""

    data: FedData
    trial: Trial
    kinds: list[TargetKind]

    @property
    def outputs(self) -> list[OutputEnd]:
        """The model's outputs, in order."""
        return self.linked.outputs

    @property
    def names(self) -> list[str]:
        """The names of the outputs, by which settings know them."""
        return [end.name for end in self.outputs]


def feed_situation(situation: Situation, data: FedData) -> FedSituation:
    """The situation with its data."""
    outputs = situation.linked.outputs
    kinds = [describe_target(target, len(end.shape)) for target, end in zip(data.targets, outputs, strict=True)]
    return FedSituation(
        situation.checker,
        situation.graph,
        situation.config,
        situation.linked,
        situation.findings,
        data,
        Trial(outputs, data.targets),
        kinds,
    )
