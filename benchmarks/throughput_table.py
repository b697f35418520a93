"""What came of the throughput benchmark: per model and way, the table of it, and the verdicts."""

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from benchmarks.measurement import Measurement

OURS = "Layerloom"
FIT = "fit"
MOST_DIFFERENCE = 0.01
"""So far the final loss may be from `fit`'s: XLA rounds otherwise, and draws Dropout's numbers in another order."""


@dataclass
class WayResult:
    """One way to train one model: `rates` in steps/s, one per round. `note` says why there are none."""

    rates: list[float] = field(default_factory=list)
    settings: str = ""
    first_epoch_s: float | None = None
    note: str = ""

    @property
    def rate(self) -> float | None:
        return statistics.median(self.rates) if self.rates else None


@dataclass
class ModelResult:
    """All ways to train one model. `difference` is how far our final loss is from `fit`'s, relatively."""

    title: str
    data: str
    batch_size: int
    steps_per_epoch: int
    ways: dict[str, WayResult]
    difference: float | None = None
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def against_fit(self) -> float | None:
        return self._compare([FIT])

    @property
    def best_other(self) -> str | None:
        """The fastest way that is not ours."""
        rates = {name: way.rate or 0.0 for name, way in self.ways.items() if name != OURS}
        best = max(rates, key=lambda name: rates[name], default=None)
        return best if best is not None and rates[best] else None

    @property
    def against_best(self) -> float | None:
        return self._compare([self.best_other] if self.best_other else [])

    def _compare(self, names: Sequence[str]) -> float | None:
        """Our rate in terms of another's: of the medians, as rounds of different ways are not pairs."""
        ours = self.ways[OURS].rate
        others = [rate for name in names if (rate := self.ways[name].rate)]
        return ours / max(others) if ours and others else None

    def to_json(self) -> dict[str, object]:
        derived = {"against_fit": self.against_fit, "best_other": self.best_other, "against_best": self.against_best}
        return {**asdict(self), **derived}


def judge(results: Sequence[ModelResult]) -> list[Measurement]:
    """The budgets."""
    against_fit = [ratio for result in results if (ratio := result.against_fit)]
    against_best = [ratio for result in results if (ratio := result.against_best)]
    differences = [result.difference for result in results if result.difference is not None]
    measurements = []
    if against_fit:
        mean = statistics.geometric_mean(against_fit)
        measurements = [
            Measurement("training against fit, geometric mean", "×", [mean], 5, is_floor=True),
            Measurement("training against fit, slowest model", "×", [min(against_fit)], 1.5, is_floor=True),
        ]
    if against_best:
        against = "training against the best other way"
        measurements += [
            Measurement(
                f"{against}, geometric mean", "×", [statistics.geometric_mean(against_best)], 0.9, is_floor=True
            ),
            Measurement(f"{against}, slowest model", "×", [min(against_best)], 0.9, is_floor=True),
        ]
    if differences:
        name = "final loss, relative difference from fit, largest"
        measurements.append(Measurement(name, "", [max(differences)], MOST_DIFFERENCE))
    return measurements


def format_results(results: Sequence[ModelResult]) -> str:
    """A Markdown table of steps per second, with the ratios, and below it what each way settled on."""
    names = list(results[0].ways)
    header = ["model", *names, "ours / fit", "ours / best other", "loss differs by"]
    rows = [header, *(_describe_rates(result, names) for result in results)]
    firsts = [["model", *names], *(_describe_firsts(result, names) for result in results)]
    settings = [["model", "data", "batch", *names], *(_describe_settings(result, names) for result in results)]
    return "\n\n".join(
        (
            "Steps per second once everything is compiled, medians:",
            _format_markdown(rows),
            "Seconds to the end of the first epoch, compilation included. The others start with their library"
            " imported; ours from the request, with a new process, the data and the choice of a plan:",
            _format_markdown(firsts),
            "What each way settled on:",
            _format_markdown(settings),
        )
    )


def _describe_rates(result: ModelResult, names: Sequence[str]) -> list[str]:
    cells = [_format_rate(result.ways[name]) for name in names]
    best = result.best_other or ""
    against_best = "" if result.against_best is None else f"{result.against_best:.2f} ({best})"
    against_fit = "" if result.against_fit is None else f"{result.against_fit:.1f}"
    difference = "" if result.difference is None else f"{result.difference:.0e}"
    return [result.title, *cells, against_fit, against_best, difference]


def _format_rate(way: WayResult) -> str:
    if way.rate is None:
        return way.note or "–"
    return f"{way.rate:,.0f}" if way.rate >= 100 else f"{way.rate:.3g}"


def _describe_firsts(result: ModelResult, names: Sequence[str]) -> list[str]:
    seconds = [result.ways[name].first_epoch_s for name in names]
    return [result.title, *("–" if one is None else f"{one:.1f}" for one in seconds)]


def _describe_settings(result: ModelResult, names: Sequence[str]) -> list[str]:
    left_out = ", ".join(f"{name}: {why}" for name, why in result.left_out.items())
    data = f"{result.data}{f' ({left_out})' if left_out else ''}"
    return [result.title, data, str(result.batch_size), *(result.ways[name].settings or "–" for name in names)]


def _format_markdown(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
