"""A training that goes on with other data than it began with says so, and goes on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.data import datasets, test_parts
from engine.data.source import Array
from engine.training.config import RunConfig
from engine.training.events import CheckpointEvent, Event, LogEvent, StatusEvent
from engine.training.loop import train
from engine.training.reporting import Reporter
from tests.engine.training import weighed_data
from tests.engine.training.command_sources import Script, steps_done
from tests.engine.training.weighed_data import NAME, draw_points, install

Change = Callable[[dict[str, Array], dict[str, Array]], None]
"""Changes the arrays to train on, and those of the test part."""


@pytest.fixture
def points(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[dict[str, Array], dict[str, Array]]]:
    """The arrays of the data set and of its test part, which a test may change as long as they are not read."""
    arrays, test_arrays = draw_points(60, 1, 4), draw_points(20, 2, 4)
    monkeypatch.setattr(weighed_data, "load", lambda **_: {name: array.copy() for name, array in arrays.items()})
    monkeypatch.setattr(weighed_data, "load_test", lambda **_: {name: one.copy() for name, one in test_arrays.items()})
    install(monkeypatch)
    forget()
    yield arrays, test_arrays
    forget()


def forget() -> None:
    """What a new process would not know."""
    datasets._read_dataset.cache_clear()
    test_parts._read_test_part.cache_clear()


def change_point(arrays: dict[str, Array], test_arrays: dict[str, Array]) -> None:
    arrays["point"][17, 2] += 1e-3


def change_kind(arrays: dict[str, Array], test_arrays: dict[str, Array]) -> None:
    arrays["kind"][0] = (arrays["kind"][0] + 1) % 3


def change_weight(arrays: dict[str, Array], test_arrays: dict[str, Array]) -> None:
    arrays["weight"][59] *= 2


def change_validation(arrays: dict[str, Array], test_arrays: dict[str, Array]) -> None:
    test_arrays["point"][0, 0] += 1


def change_what_is_not_used(arrays: dict[str, Array], test_arrays: dict[str, Array]) -> None:
    arrays["holes"][:] = 0
    test_arrays["weight"][:] = 0


@pytest.mark.parametrize(
    ("change", "warns"),
    [
        (change_point, True),
        (change_kind, True),
        (change_weight, True),
        (change_validation, True),
        (change_what_is_not_used, False),
    ],
)
def test_a_training_that_goes_on_with_other_data_says_so(
    change: Change, warns: bool, points, make_graph, make_config, tmp_path: Path
):
    data = {
        "dataset": NAME,
        "targets": {"answer": "kind"},
        "sample_weights": "weight",
        "validation": {"dataset": NAME, "part": "test"},
    }
    config: RunConfig = make_config(fit={"epochs": 3, "batch_size": 16}, data=data)
    graph = make_graph((4,), 3)
    events: list[Event] = []
    leaves = Script(leaves=lambda: steps_done(events) > 4)
    train(graph, config, tmp_path / "first", Reporter(events.append), commands=leaves)
    (checkpoint,) = [event for event in events if isinstance(event, CheckpointEvent)]

    change(*points)
    forget()
    later: list[Event] = []
    history = train(
        graph, config, tmp_path / "second", Reporter(later.append), resume=tmp_path / "first" / checkpoint.path
    )

    said = [event.message for event in later if isinstance(event, LogEvent) and event.level == "warning"]
    assert said == ["The data is not what it was when the run began; it goes on with what there is now."] * warns
    assert [event.status for event in later if isinstance(event, StatusEvent)] == ["running", "finished"]
    assert history.epoch == [0, 1, 2]
