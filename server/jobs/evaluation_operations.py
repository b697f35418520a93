"""The side of the process that has Keras for trained models. Runs in child processes only."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from engine.evaluation.session_schema import Batch, Inputs, SessionStart, TrainingBatch
from server.jobs.compiler import Operation
from server.jobs.evaluation_questions import EvaluateFoldsQuestion, EvaluateQuestion, PredictQuestion, SaveQuestion
from server.jobs.sent_values import read_question

if TYPE_CHECKING:
    from engine.evaluation.session import BatchSession


class EvaluationAnswers:
    """The answers by operation. A session's model stays from one question to the next."""

    def __init__(self) -> None:
        self.answers: dict[Operation, Callable[[bytes], bytes]] = {
            Operation.EVALUATE: _evaluate,
            Operation.EVALUATE_FOLDS: _evaluate_folds,
            Operation.PREDICT: _predict,
            Operation.OPEN_SESSION: self._open_session,
            Operation.TRAIN_ON_BATCH: self._train_on_batch,
            Operation.TEST_ON_BATCH: self._test_on_batch,
            Operation.PREDICT_ON_BATCH: self._predict_on_batch,
            Operation.SAVE_SESSION: self._save,
        }
        self._start: SessionStart | None = None

    @cached_property
    def _session(self) -> "BatchSession":
        from engine.evaluation.session import BatchSession

        if self._start is None:
            raise RuntimeError("a session is opened before it gets batches")
        return BatchSession(self._start)

    def _open_session(self, payload: bytes) -> bytes:
        self._start = SessionStart.model_validate_json(payload)
        return self._session.describe().model_dump_json().encode()

    def _train_on_batch(self, payload: bytes) -> bytes:
        return self._session.train_on_batch(read_question(TrainingBatch, payload)).model_dump_json().encode()

    def _test_on_batch(self, payload: bytes) -> bytes:
        return self._session.test_on_batch(read_question(Batch, payload)).model_dump_json().encode()

    def _predict_on_batch(self, payload: bytes) -> bytes:
        return self._session.predict_on_batch(read_question(Inputs, payload)).model_dump_json().encode()

    def _save(self, payload: bytes) -> bytes:
        question = SaveQuestion.model_validate_json(payload)
        return self._session.save(question.destination).model_dump_json().encode()


def _evaluate(payload: bytes) -> bytes:
    from engine.evaluation.evaluate import evaluate

    asked = EvaluateQuestion.model_validate_json(payload)
    return evaluate(asked.graph, asked.config, asked.weights, asked.request).model_dump_json().encode()


def _evaluate_folds(payload: bytes) -> bytes:
    from engine.evaluation.out_of_fold import evaluate_out_of_fold

    asked = EvaluateFoldsQuestion.model_validate_json(payload)
    return evaluate_out_of_fold(asked.models, asked.config, asked.request).model_dump_json().encode()


def _predict(payload: bytes) -> bytes:
    from engine.evaluation.predict import predict

    asked = read_question(PredictQuestion, payload)
    return predict(asked.graph, asked.config, asked.weights, asked.request).model_dump_json().encode()
