"""The page of results: a table, and the curves of each example."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from examples.curves import draw_curves
from examples.example import Example
from examples.plain_fit import PlainFit
from examples.training import History, Trained, measure_epoch

COLUMNS = ("example", "goal", "result", "`fit`'s", "whole training", "with `fit`", "an epoch", "with `fit`", "plan")
INTRODUCTION = """# Examples: the textbooks' first models, from data set to result

`make examples` trains them through the REST API of a server that it starts, with an empty data folder: the graph is
sent to `POST /api/models`, the run to `POST /api/runs`, and the result is what `POST /api/runs/{id}/evaluate` says of
the weights after the last epoch, on data that was not trained on. `make examples EXAMPLES="imdb --epochs 2"` tries
one; this page is then left as it is. The data is read from Keras's cache (`KERAS_HOME`); an example whose data is not
there is left out, and says why.

Beside it stands plain `fit`: the run, exported as Python (`GET
/api/runs/{id}/checkpoints/{checkpoint}/export?format=python`) and run as a script in a process of its own,
afterwards. *Whole training* is from reading the data to the last epoch, with everything that has to be compiled (here
it is also measured which plan is fastest); *an epoch* is the mean of those after the first, with their validation.
"""


@dataclass(frozen=True)
class Outcome:
    """What became of an example: its trainings, and those by plain `fit`; or why it was not run."""

    example: Example
    runs: Sequence[Trained] = ()
    fits: Sequence[PlainFit] = ()
    absence: str | None = None

    @property
    def result(self) -> float | None:
        return fmean(run.result for run in self.runs) if self.runs else None

    @property
    def is_good(self) -> bool:
        """Whether the goal was reached, or there was nothing to reach it with."""
        return self.result is None or self.example.is_reached(self.result)

    def to_row(self) -> tuple[str, ...]:
        example = self.example
        goal = f"{'≤' if example.is_limit else '≥'} {_write_metric(example, example.goal)}"
        if self.result is None:
            return (example.title, goal, f"not run: {self.absence}", *[""] * (len(COLUMNS) - 3))
        fitted = [fit.history[f"val_{example.metric}"][-1] for fit in self.fits]
        epochs = (
            [measure_epoch(run.epoch_ends) for run in self.runs],
            [measure_epoch(fit.epoch_ends) for fit in self.fits],
        )
        return (
            f"{example.title} ({len(self.runs)} folds)" if len(self.runs) > 1 else example.title,
            goal,
            f"**{_write_metric(example, self.result)}**" + ("" if self.is_good else " (missed)"),
            _write_metric(example, fmean(fitted)) if fitted else "",
            _write_seconds([run.seconds for run in self.runs]),
            _write_seconds([fit.seconds for fit in self.fits]),
            *(_write_seconds(seconds, mean=True) for seconds in epochs),
            ", ".join(dict.fromkeys(run.plan for run in self.runs)),
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
        if not outcome.runs:
            continue
        name = f"{outcome.example.name}.svg"
        drawing = draw_curves(average([run.history for run in outcome.runs]), ["loss", outcome.example.metric])
        (images / name).write_text(drawing)
        sections += ["", f"## {outcome.example.title}", "", f"{outcome.example.about}.", ""]
        sections += [f"![Curves of {outcome.example.title}](images/examples/{name})"]
    page.write_text("\n".join(sections) + "\n")


def average(histories: Sequence[History]) -> History:
    """The mean of several histories of the same length, epoch by epoch."""
    return {
        name: [fmean(values) for values in zip(*(history[name] for history in histories), strict=True)]
        for name in histories[0]
    }


def _write_metric(example: Example, value: float) -> str:
    return f"{value:.2f}" if example.is_limit else f"{100 * value:.4g} %"


def _write_seconds(seconds: Sequence[float | None], *, mean: bool = False) -> str:
    known = [one for one in seconds if one is not None]
    if not known:
        return ""
    value = fmean(known) if mean else sum(known)
    return f"{value:.0f} s" if value >= 10 else f"{value:.2g} s"
