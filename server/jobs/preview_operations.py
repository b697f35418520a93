"""The compiler process's side for layers that prepare data, and for augmentation. Runs in child processes only."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from server.jobs.adapt_questions import AdaptQuestion
from server.jobs.compiler import Operation
from server.jobs.preview_questions import AugmentQuestion, PreviewQuestion

if TYPE_CHECKING:
    from engine.models.check import GraphChecker


class PreviewAnswers:
    """The answers by operation. They share the checker that the checks use, with what it remembers."""

    def __init__(self, get_checker: "Callable[[], GraphChecker]"):
        self._get_checker = get_checker
        self.answers: dict[Operation, Callable[[bytes], bytes]] = {
            Operation.PREVIEW: self._preview,
            Operation.ADAPT: self._adapt,
            Operation.DESCRIBE_AUGMENTATION: _describe_augmentation,
            Operation.AUGMENT: self._augment,
        }

    def _preview(self, payload: bytes) -> bytes:
        from engine.evaluation.preprocessing.preview import preview_graph

        question = PreviewQuestion.model_validate_json(payload)
        preview = preview_graph(self._get_checker(), question.graph, question.data, question.settings)
        return preview.model_dump_json().encode()

    def _adapt(self, payload: bytes) -> bytes:
        from engine.training.adapt_drawing import adapt_drawing

        asked = AdaptQuestion.model_validate_json(payload)
        adaptation = adapt_drawing(self._get_checker(), asked.graph, asked.data, asked.fit)
        return adaptation.model_dump_json().encode()

    def _augment(self, payload: bytes) -> bytes:
        from engine.training.augmentation.augment import augment_graph

        question = AugmentQuestion.model_validate_json(payload)
        answer = augment_graph(self._get_checker(), question.graph, question.node, question.arguments, question.data)
        return answer.model_dump_json().encode()


def _describe_augmentation(_payload: bytes) -> bytes:
    from engine.training.augmentation.arguments import describe_augmentation

    return describe_augmentation().model_dump_json().encode()
