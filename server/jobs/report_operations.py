"""The compiler process's side for costs, summary and differences. Runs in child processes only."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from server.jobs.compiler import Operation
from server.jobs.framing import FileAnswer
from server.jobs.report_questions import CostQuestion, DiffQuestion, SummaryQuestion

if TYPE_CHECKING:
    from engine.models.check import GraphChecker
    from engine.models.costs import CostCounter


class ReportAnswers:
    """The answers by operation. They share the checker that the checks use, with what it remembers."""

    def __init__(self, get_checker: "Callable[[], GraphChecker]"):
        self._get_checker = get_checker
        self.answers: dict[Operation, Callable[[bytes], bytes]] = {
            Operation.COSTS: self._count_costs,
            Operation.SUMMARY: self._summarize,
            Operation.DIFF: self._diff,
            Operation.DRAW_DIFF: self._draw_diff,
        }

    @cached_property
    def _counter(self) -> "CostCounter":
        from engine.models.costs import CostCounter

        return CostCounter(self._get_checker())

    def _count_costs(self, payload: bytes) -> bytes:
        from engine.training.keras_objects import make_optimizer

        question = CostQuestion.model_validate_json(payload)
        optimizer = None if question.optimizer is None else make_optimizer(question.optimizer, "optimizer")
        return self._counter.count(question.graph, question.settings, optimizer).model_dump_json().encode()

    def _summarize(self, payload: bytes) -> bytes:
        from engine.graph.name_rules import suggest_name
        from engine.models.summary import summarize_graph

        question = SummaryQuestion.model_validate_json(payload)
        summary = summarize_graph(self._get_checker(), question.graph, suggest_name(question.name))
        return summary.model_dump_json().encode()

    def _diff(self, payload: bytes) -> bytes:
        from engine.models.diffing import diff_graphs

        question = DiffQuestion.model_validate_json(payload)
        return diff_graphs(self._get_checker(), question.before, question.after).model_dump_json().encode()

    def _draw_diff(self, payload: bytes) -> bytes:
        from engine.models.diff_drawing import draw_difference

        question = DiffQuestion.model_validate_json(payload)
        picture = draw_difference(question.before, question.after)
        return FileAnswer(picture, "image/svg+xml", "differences.svg").encode()
