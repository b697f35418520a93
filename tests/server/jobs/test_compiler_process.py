"""The process that has Keras: what it answers, and that nothing that happens to it harms the server."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from engine.errors import EngineError, GraphError
from engine.graph.document import Graph
from server.jobs.compiler import (
    CompilerCrashed,
    CompilerTimeout,
    DatasetQuestion,
    ExportQuestion,
    check_graph,
    export_graph,
    list_datasets,
    preview_dataset,
)
from server.jobs.compiler_process import CompilerProcess
from server.jobs.processes import ProcessContext
from server.settings import Settings
from tests.server.live_server import DIGITS

GRAPH = Graph.model_validate(DIGITS)
HUGE = {
    "layers": [
        {"id": "in", "class_name": "InputLayer", "config": {"shape": [50_000]}},
        {"id": "out", "class_name": "Dense", "config": {"units": 50_000}},
    ],
    "nodes": [{"id": "in", "layer": "in"}, {"id": "out", "layer": "out"}],
    "edges": [{"id": "e", "source": "in", "target": "out"}],
}


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    """One event loop for all tests of this file, as they share the processes."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def processes(runner: asyncio.Runner) -> Iterator[ProcessContext]:
    async def make() -> ProcessContext:
        context = ProcessContext()
        context.prepare()
        return context

    context = runner.run(make())
    yield context
    runner.run(context.close())


@pytest.fixture(scope="module")
def compiler(
    runner: asyncio.Runner, processes: ProcessContext, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CompilerProcess]:
    compiler = CompilerProcess(processes, Settings(home=tmp_path_factory.mktemp("home")))
    yield compiler
    runner.run(compiler.close())


def find_compiler() -> psutil.Process:
    """The warm process: the newest child of the fork server that waits for questions."""
    (fork_server,) = [
        child for child in psutil.Process().children() if "multiprocessing.forkserver" in " ".join(child.cmdline())
    ]
    return max(fork_server.children(), key=lambda child: child.create_time())


def test_a_graph_is_checked_and_data_sets_are_listed(runner: asyncio.Runner, compiler: CompilerProcess):
    async def ask() -> None:
        checked, datasets = await asyncio.gather(check_graph(compiler, GRAPH), list_datasets(compiler))
        assert (checked.ok, checked.parameters) == (True, 650)
        assert "digits" in {dataset.name for dataset in datasets}

    runner.run(ask())


def test_what_the_engine_refuses_is_raised_as_it_was(runner: asyncio.Runner, compiler: CompilerProcess):
    async def ask() -> None:
        with pytest.raises(EngineError) as unknown:
            await preview_dataset(compiler, DatasetQuestion(name="no_such_data"))
        assert unknown.value.code == "unknown_dataset"
        with pytest.raises(GraphError) as unbuildable:
            await export_graph(compiler, ExportQuestion(graph=Graph(), format="json", name="x"))
        assert unbuildable.value.issues

    runner.run(ask())


def test_an_export_comes_as_a_file_from_a_process_that_is_gone_afterwards(
    runner: asyncio.Runner, compiler: CompilerProcess
):
    async def ask() -> None:
        await check_graph(compiler, GRAPH)
        warm = find_compiler()
        file = await export_graph(compiler, ExportQuestion(graph=GRAPH, format="keras", name="Digits"))
        assert (file.content[:2], file.filename.endswith(".keras")) == (b"PK", True)
        assert find_compiler() == warm

    runner.run(ask())


def test_a_process_that_dies_at_work_is_reported_and_replaced(runner: asyncio.Runner, compiler: CompilerProcess):
    async def ask() -> None:
        await check_graph(compiler, GRAPH)
        warm = find_compiler()
        warm.suspend()
        question = asyncio.create_task(check_graph(compiler, GRAPH))
        next_one = asyncio.create_task(check_graph(compiler, GRAPH))
        await asyncio.sleep(0)
        warm.kill()
        with pytest.raises(CompilerCrashed, match="died at check: killed by signal 9"):
            await question
        assert (await next_one).ok

    runner.run(ask())


def test_a_process_that_dies_while_it_waits_is_replaced_in_silence(runner: asyncio.Runner, compiler: CompilerProcess):
    async def ask() -> None:
        await check_graph(compiler, GRAPH)
        warm = find_compiler()
        assert compiler._warm is not None
        warm.kill()
        await compiler._warm.result().process.wait()
        assert (await check_graph(compiler, GRAPH)).ok

    runner.run(ask())


def test_an_operation_that_takes_too_long_is_broken_off_and_the_next_one_is_answered(
    runner: asyncio.Runner, processes: ProcessContext, tmp_path: Path
):
    async def ask() -> None:
        compiler = CompilerProcess(processes, Settings(home=tmp_path, compiler_timeout_s=0.001))
        with pytest.raises(CompilerTimeout, match=r"check took longer than 0\.001 s"):
            await check_graph(compiler, GRAPH)
        compiler._settings = Settings(home=tmp_path)
        assert (await check_graph(compiler, GRAPH)).ok
        await compiler.close()

    runner.run(ask())


def test_a_model_beyond_the_memory_limit_does_no_harm(
    runner: asyncio.Runner, processes: ProcessContext, tmp_path: Path
):
    async def ask() -> None:
        compiler = CompilerProcess(processes, Settings(home=tmp_path, compiler_memory_bytes=2**28))
        question = ExportQuestion(graph=Graph.model_validate(HUGE), format="h5", name="x")
        with pytest.raises((EngineError, CompilerCrashed)):
            await export_graph(compiler, question)
        assert (await check_graph(compiler, GRAPH)).ok
        await compiler.close()

    runner.run(ask())


def test_a_caller_that_goes_away_leaves_the_pipe_in_order(runner: asyncio.Runner, compiler: CompilerProcess):
    async def ask() -> None:
        impatient = asyncio.create_task(list_datasets(compiler))
        await asyncio.sleep(0)
        impatient.cancel()
        assert (await check_graph(compiler, GRAPH)).parameters == 650
        with pytest.raises(asyncio.CancelledError):
            await impatient

    runner.run(ask())


def test_an_export_that_nobody_waits_for_any_more_is_broken_off_and_leaves_no_files(
    runner: asyncio.Runner, compiler: CompilerProcess
):
    async def ask() -> None:
        await check_graph(compiler, GRAPH)
        before = set(compiler._children)
        export = asyncio.create_task(export_graph(compiler, ExportQuestion(graph=GRAPH, format="litert", name="x")))
        while not (started := compiler._children - before):  # noqa: ASYNC110 - nothing tells of a start
            await asyncio.sleep(0.01)
        child = started.pop()
        while not any(child.scratch.iterdir()):  # noqa: ASYNC110 - nothing tells of the first file
            await asyncio.sleep(0.01)
        export.cancel()
        with pytest.raises(asyncio.CancelledError):
            await export
        await asyncio.gather(*compiler._calls, return_exceptions=True)
        assert compiler._children == before
        assert not psutil.pid_exists(child.process.pid)
        assert not child.scratch.exists()

    runner.run(ask())


def test_once_closed_no_process_is_started_which_would_outlive_the_server():
    async def start_late() -> None:
        processes = ProcessContext()
        await processes.close()
        with pytest.raises(OSError, match="about to end"):
            await processes.start("late", print)

    asyncio.run(start_late())
