"""Runs the benchmarks, prints their table and keeps it in benchmarks/results."""

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click
import psutil

from benchmarks import canvas, checking, cold_start, parallel, pictures, rows, throughput, training
from benchmarks.measurement import Measurement, format_table
from benchmarks.reference_models import MODELS
from benchmarks.throughput_table import format_results

RESULTS = Path(__file__).resolve().parent / "results"
THROUGHPUT = "throughput"
BENCHMARKS: dict[str, Callable[[], list[Measurement]]] = {
    "cold_start": cold_start.measure,
    "training": training.measure,
    "checking": checking.measure,
    "canvas": canvas.measure,
    "parallel": parallel.measure,
}
OWN_DATA: dict[str, Callable[..., list[Measurement]]] = {"rows": rows.measure, "images": pictures.measure}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice([*BENCHMARKS, *OWN_DATA, THROUGHPUT]))
@click.option("--quick", is_flag=True, help="One short round, little data: shows that all works, not how fast.")
@click.option("--model", "models", multiple=True, type=click.Choice([model.name for model in MODELS]))
def main(names: tuple[str, ...], quick: bool, models: tuple[str, ...]) -> None:
    """Measures the named benchmarks, or all of them: seven minutes, and a quarter of an hour for `throughput`.

    `rows` and `images` are measured where they are named only: they write some gigabytes and take several minutes each.

    --model measures the training of that model only, and keeps no results, as --quick does.
    """
    began = time.monotonic()
    measurements: list[Measurement] = []
    for name in names or BENCHMARKS:
        if name in BENCHMARKS:
            click.echo(f"Measuring {name} ...", err=True)
            measurements += BENCHMARKS[name]()
    if not names or THROUGHPUT in names:
        measurements += measure_throughput(models, quick)
    for name in OWN_DATA:
        if name in names:
            measurements += measure_own_data(name, quick=quick)
    table = format_table(measurements)
    note = describe_machine(time.monotonic() - began)
    click.echo(f"\n{table}\n\n{note}")
    if not (names or quick or models):
        write_results(measurements, table, note)


def measure_throughput(names: tuple[str, ...], quick: bool) -> list[Measurement]:
    """Prints the table of all ways to train, and keeps it where all of it was measured."""
    click.echo(f"Measuring {THROUGHPUT} ...", err=True)
    began = time.monotonic()
    chosen = [model for model in MODELS if not names or model.name in names]
    results, measurements = throughput.measure(chosen, throughput.QUICK if quick else throughput.THOROUGH)
    table = format_results(results)
    click.echo(f"\n{table}")
    if not (names or quick):
        throughput.write_details(results, table, RESULTS, describe_machine(time.monotonic() - began))
    return measurements


def measure_own_data(name: str, *, quick: bool) -> list[Measurement]:
    """Keeps the table (`rows.md`, `images.md`) where all of the data was measured."""
    click.echo(f"Measuring {name} ...", err=True)
    began = time.monotonic()
    measurements = OWN_DATA[name](quick=quick)
    if not quick:
        note = describe_machine(time.monotonic() - began)
        (RESULTS / f"{name}.md").write_text(f"# Own data: {name}\n\n{format_table(measurements)}\n\n{note}\n")
    return measurements


def describe_machine(seconds: float) -> str:
    """What the numbers were measured on."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"Measured {datetime.now(UTC):%Y-%m-%d} in {seconds:.0f} s on {os.cpu_count()} cores, {memory:.0f} GiB, "
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"commit {read_commit()}, load {os.getloadavg()[0]:.1f}."
    )


def read_commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    finished = subprocess.run(command, cwd=RESULTS, capture_output=True, text=True, check=False)
    return finished.stdout.strip() or "unknown"


def write_results(measurements: list[Measurement], table: str, note: str) -> None:
    """`latest.json` has every sample; `budgets.md` is the table that is committed."""
    RESULTS.mkdir(exist_ok=True)
    content = {"note": note, "measurements": [measurement.to_json() for measurement in measurements]}
    (RESULTS / "latest.json").write_text(json.dumps(content, indent=2) + "\n")
    (RESULTS / "budgets.md").write_text(f"# Budgets\n\n{table}\n\n{note}\n")


if __name__ == "__main__":
    sys.exit(main())
