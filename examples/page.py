"""The page of results: a table, and the curves of each example."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from examples.curves import draw_curves
from examples.example import Example
from examples.plain_fit import PlainFit
from examples.training import Trained, measure_epoch

COLUMNS = ("example", "goal", "result", "`fit`'s", "whole training", "with `fit`", "an epoch", "with `fit`", "plan")
INTRODUCTION = """# Examples: the textbooks' first models, from data set to result

`make examples` trains them through the REST API of a server that it starts, with an empty data folder: the graph is
sent to `POST /api/models`, the run to `POST /api/runs`, and the result is what `POST /api/runs/{id}/evaluate` says of
the weights after the last epoch, on data that was not trained on. `make examples EXAMPLES="imdb --epochs 2"` tries
one; this page is then left as it is. The data is read from Keras's cache (`KERAS_HOME`); an example whose data is not
there is left out, and says why.

Beside it stands plain `fit`: the run, exported as Python (`GET
/api/runs/{id}/checkpoints/{checkpoint}/export?format=python`) and run as a script in a process of its own,
afterwards; beside a run of several folds, the loop over them as one writes it (`examples/boston_plain.py`).
*Whole training* is from reading the data to the last epoch, with everything that has to be compiled (here it is also
measured which plan is fastest); *an epoch* is the mean of those after the first, with their validation.
"""


@dataclass(frozen=True)
class Outcome:
    """What became of an example: its run, and the training by plain `fit`; or why it was not run."""

    example: Example
    run: Trained | None = None
    fit: PlainFit | None = None
    absence: str | None = None

    @property
    def result(self) -> float | None:
        return None if self.run is None else self.run.result

    @property
    def is_good(self) -> bool:
        """Whether the goal was reached, or there was nothing to reach it with."""
        return self.result is None or self.example.is_reached(self.result)

    def to_row(self) -> tuple[str, ...]:
        example = self.example
        goal = f"{'≤' if example.is_limit else '≥'} {_write_metric(example, example.goal)}"
        if self.run is None:
            return (example.title, goal, f"not run: {self.absence}", *[""] * (len(COLUMNS) - 3))
        run, fit = self.run, self.fit
        return (
            example.title if run.folds is None else f"{example.title} ({run.folds} folds)",
            goal,
            f"**{_write_metric(example, run.result)}**" + ("" if self.is_good else " (missed)"),
            "" if fit is None else _write_metric(example, fit.history[f"val_{example.metric}"][-1]),
            _write_seconds(run.seconds),
            "" if fit is None else _write_seconds(fit.seconds),
            _write_seconds(measure_epoch(run.epoch_ends)),
            "" if fit is None else _write_seconds(measure_epoch(fit.epoch_ends)),
            run.plan,
        )


def format_table(outcomes: Sequence[Outcome]) -> str:
    """The table in Markdown."""
    rows = [COLUMNS, ("---",) * len(COLUMNS), *(outcome.to_row() for outcome in outcomes)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def write_page(outcomes: Sequence[Outcome], machine: str, page: Path) -> None:
    """Writes the page, and a drawing for each example below `images/examples` beside it."""
    images = page.parent / "images" / "examples"
    images.mkdir(parents=True, exist_ok=True)
    sections = [INTRODUCTION, format_table(outcomes), "", machine]
    for outcome in outcomes:
        if outcome.run is None:
            continue
        name = f"{outcome.example.name}.svg"
        drawing = draw_curves(outcome.run.history, ["loss", outcome.example.metric])
        (images / name).write_text(drawing)
        sections += ["", f"## {outcome.example.title}", "", f"{outcome.example.about}.", ""]
        sections += [f"![Curves of {outcome.example.title}](images/examples/{name})"]
    page.write_text("\n".join(sections) + "\n")


def _write_metric(example: Example, value: float) -> str:
    return f"{value:.2f}" if example.is_limit else f"{100 * value:.4g} %"


def _write_seconds(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f} s" if value >= 10 else f"{value:.2g} s"
