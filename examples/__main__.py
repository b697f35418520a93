"""Trains the examples through the REST API of a real server, and writes docs/examples.md."""

import sys
import time
from pathlib import Path

import click
import httpx

from benchmarks.__main__ import describe_machine
from benchmarks.serving import run_layerloom
from examples.boston import BOSTON
from examples.classics import IMDB, MNIST, REUTERS
from examples.example import Example, Launch, set_epochs
from examples.page import Outcome, format_table, write_page
from examples.plain_fit import run_plain_fit
from examples.training import explain_absence, train

EXAMPLES = {example.name: example for example in (IMDB, REUTERS, MNIST, BOSTON)}
PAGE = Path(__file__).resolve().parent.parent / "docs" / "examples.md"
REQUEST_LIMIT_S = 600.0


@click.command()
@click.argument("names", nargs=-1, type=click.Choice([*EXAMPLES]))
@click.option("--epochs", type=click.IntRange(1), help="So many epochs instead of those that the goal needs.")
@click.option("--without-fit", is_flag=True, help="Do not train by plain fit beside it.")
def main(names: tuple[str, ...], epochs: int | None, without_fit: bool) -> None:
    """Trains the named examples, or all: some minutes. Exits with 1 where a goal is missed.

    The page in the documentation is written where everything was run as it is meant to be.
    """
    began = time.monotonic()
    with run_layerloom() as server, httpx.Client(base_url=server.url, timeout=REQUEST_LIMIT_S) as client:
        outcomes = [run_example(client, EXAMPLES[name], epochs, without_fit) for name in names or EXAMPLES]
    click.echo(f"\n{format_table(outcomes)}")
    if epochs is not None:
        return
    if not names and not without_fit and all(outcome.run for outcome in outcomes):
        write_page(outcomes, describe_machine(time.monotonic() - began), PAGE)
    sys.exit(0 if all(outcome.is_good for outcome in outcomes) else 1)


def run_example(client: httpx.Client, example: Example, epochs: int | None, without_fit: bool) -> Outcome:
    if reason := explain_absence(client, example.data_set):
        click.echo(f"{example.title} is left out: {reason}", err=True)
        return Outcome(example, absence=reason)
    given = example.prepare()
    launch = Launch(given.graph, set_epochs(given.config, epochs))
    click.echo(f"Training {example.title} ...", err=True)
    run = train(client, example.title, launch, example.metric)
    if without_fit:
        return Outcome(example, run)
    click.echo(f"Training {example.title} by plain fit ...", err=True)
    code = run.code if example.write_plain is None else example.write_plain(launch.config["fit"]["epochs"])
    return Outcome(example, run, run_plain_fit(code))


if __name__ == "__main__":
    main()
