"""Single samples with what a model says about them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.data.words import Words
from engine.evaluation.arrays import Array
from engine.evaluation.reading import OutputReading
from engine.evaluation.results import ClassProbability, OutputAnswer, Sample, ShownArray
from engine.evaluation.showing import MOST_SHOWN, count_shown, show_array

TOP = 5
HALF = 0.5


@dataclass(frozen=True, slots=True)
class ShownInput:
    """How an input's samples are shown: `limits` are black and white, `words` those of word numbers (None for none)."""

    name: str
    limits: tuple[float, float]
    words: Words | None = None


def describe_samples(
    ends: Sequence[ShownInput],
    inputs: Sequence[Array],
    answers: Sequence[list[OutputAnswer]],
    indices: Sequence[int],
) -> list[Sample]:
    """One `Sample` for each of the answers (by sample, then by output), with its inputs, which have the same order.

    Of many large samples only the first ones come with their inputs.
    """
    fit = MOST_SHOWN // max(1, sum(count_shown(array[:1]) for array in inputs))
    samples = []
    for place, index in enumerate(indices):
        pairs = zip(ends, inputs, strict=True) if place < max(1, fit) else ()
        shown = {end.name: show_array(array[place, ...], end.limits, end.words) for end, array in pairs}
        samples.append(Sample(index=int(index), inputs=shown, outputs=answers[place]))
    return samples


def read_answers(
    reading: OutputReading, raw: Array, targets: Array | None = None, losses: Array | None = None
) -> list[OutputAnswer]:
    """What one output says about each sample: `raw` is what `predict` answered, the samples first."""
    scores = None if reading.kind == "numbers" else reading.score(raw)
    wanted = None if targets is None or reading.kind != "classes" else reading.label(targets)
    answers = []
    for place, one in enumerate(raw):
        answer = OutputAnswer(output=reading.name, loss=None if losses is None else float(losses[place]))
        if scores is None:
            answer.numbers = _show(one)
            answer.target_numbers = None if targets is None else _show(targets[place])
        elif reading.has_positions:
            answer.numbers = _show(_decide(reading, scores[place]))
            if targets is not None:
                answer.target_numbers = _show(targets[place] if wanted is None else wanted[place])
        elif reading.kind == "classes":
            _add_classes(answer, reading, scores[place], None if wanted is None else int(wanted[place]))
        else:
            _add_columns(answer, reading, scores[place], None if targets is None else targets[place])
        answers.append(answer)
    return answers


def _decide(reading: OutputReading, scores: Array) -> Array:
    return scores.argmax(axis=-1) if reading.kind == "classes" else (scores > HALF).astype("int64")


def _add_classes(answer: OutputAnswer, reading: OutputReading, scores: Array, wanted: int | None) -> None:
    best = np.argsort(-scores, kind="stable")[:TOP]
    answer.label = int(best[0])
    answer.classes = [_name_score(reading, int(label), scores) for label in best]
    if wanted is not None:
        answer.target_label = wanted
        answer.target_classes = [_name(reading, wanted)]


def _add_columns(answer: OutputAnswer, reading: OutputReading, scores: Array, wanted: Array | None) -> None:
    best = np.argsort(-scores, kind="stable")[:TOP]
    answer.classes = [_name_score(reading, int(label), scores) for label in best]
    if wanted is not None:
        answer.target_classes = [_name(reading, int(label)) for label in np.flatnonzero(np.asarray(wanted) > HALF)]


def _name_score(reading: OutputReading, label: int, scores: Array) -> ClassProbability:
    return ClassProbability(label=label, name=_name(reading, label), score=float(scores[label]))


def _name(reading: OutputReading, label: int) -> str:
    return reading.class_names[label] if 0 <= label < len(reading.class_names) else str(label)


def _show(array: Array) -> ShownArray:
    whole = np.asarray(array)
    finite = whole[np.isfinite(whole)] if whole.dtype.kind in "biuf" else np.zeros(0)
    return show_array(whole, (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0))
