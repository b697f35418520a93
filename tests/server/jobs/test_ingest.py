"""Events on their way into the database: each number once, in order, whatever a network does to them."""

import asyncio

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import EngineError
from engine.training.events import EVENT, Event
from server.jobs.broadcast import Broadcast
from server.jobs.ingest import EventIngest
from server.storage.attempts import AttemptStore
from server.storage.database import Database
from server.storage.events import read_events
from server.storage.metrics import read_curves
from server.storage.runs import RunStore
from tests.server.open_runs import make_log, make_status, make_steps, make_story, open_run

STORY = make_story()


def read_all(database: Database, run_id: str) -> list[Event]:
    with database.read() as connection:
        return [EVENT.validate_json(event.json) for event in read_events(connection, run_id, 1, 1000)]


def same(left: list[Event], right: list[Event]) -> bool:
    """Compares by JSON, as NaN is not equal to itself."""
    return [event.model_dump_json() for event in left] == [event.model_dump_json() for event in right]


@settings(max_examples=40, deadline=None)
@given(posts=st.lists(st.lists(st.sampled_from(STORY), max_size=12), max_size=6))
def test_whatever_is_repeated_reordered_or_missing_each_number_is_stored_once(
    database: Database, posts: list[list[Event]]
):
    run = open_run(database)

    async def post_all() -> list[int]:
        ingest = EventIngest(database, Broadcast())
        return [await ingest.store(run.run_id, post, run.token) for post in [*posts, STORY]]

    have: set[int] = {1}
    expected = []
    for post in [*posts, STORY]:
        numbers = {event.seq for event in post}
        while max(have) + 1 in numbers:
            have.add(max(have) + 1)
        expected.append(max(have))
    assert asyncio.run(post_all()) == expected
    assert same(read_all(database, run.run_id), STORY)


def test_posts_that_come_at_the_same_time_are_all_stored(database: Database):
    runs = [open_run(database) for _ in range(8)]

    async def post_all() -> list[int]:
        ingest = EventIngest(database, Broadcast())
        return await asyncio.gather(*(ingest.store(run.run_id, STORY, run.token) for run in runs))

    assert asyncio.run(post_all()) == [9] * 8
    assert all(same(read_all(database, run.run_id), STORY) for run in runs)


def test_a_wrong_post_does_no_harm_to_those_that_share_its_transaction(database: Database):
    good, revoked = open_run(database), open_run(database)
    AttemptStore(database).revoke(revoked.run_id)

    async def post_all() -> list[int | BaseException]:
        ingest = EventIngest(database, Broadcast())
        posts = [
            ingest.store("no-such-run", STORY, good.token),
            ingest.store(good.run_id, STORY, "another token"),
            ingest.store(revoked.run_id, STORY, revoked.token),
            ingest.store(good.run_id, STORY, good.token),
        ]
        return await asyncio.gather(*posts, return_exceptions=True)

    *refused, stored = asyncio.run(post_all())
    assert [error.code for error in refused if isinstance(error, EngineError)] == [
        "not_found",
        "forbidden",
        "forbidden",
    ]
    assert stored == 9
    assert read_all(database, revoked.run_id) == []


def test_the_run_shows_how_far_it_is(database: Database):
    run = open_run(database)
    asyncio.run(EventIngest(database, Broadcast()).store(run.run_id, STORY[:6], run.token))
    shown = RunStore(database).get(run.run_id)
    assert (shown.status, shown.epoch, shown.step, shown.last_seq) == ("running", 1, 6, 7)
    assert orjson.loads(shown.model_dump_json())["latest"] == {"loss": 0.25, "accuracy": 1.0, "val_loss": "-Infinity"}


def test_how_long_steps_waited_is_a_curve_and_no_value_of_the_model(database: Database):
    run = open_run(database)
    steps = make_steps(2, 0, {"loss": [2.0, 1.0], "wait_ms": [0.5, 0.0]})
    asyncio.run(EventIngest(database, Broadcast()).store(run.run_id, [steps], run.token))
    assert RunStore(database).get(run.run_id).latest == {"loss": 1.0}
    with database.read() as connection:
        assert [curve.name for curve in read_curves(connection, run.run_id, "step")] == ["loss", "wait_ms"]


def test_a_final_status_is_never_left_again(database: Database):
    run = open_run(database)
    late = [make_status(10, "running"), make_log(11, "still here")]
    asyncio.run(EventIngest(database, Broadcast()).store(run.run_id, [*STORY, *late], run.token))
    shown = RunStore(database).get(run.run_id)
    assert (shown.status, shown.last_seq) == ("finished", 11)


def test_the_steps_values_are_stored_with_the_curves_only(database: Database):
    run = open_run(database)
    steps = make_steps(2, 0, {"loss": [0.123456789, 0.987654321]})
    asyncio.run(EventIngest(database, Broadcast()).store(run.run_id, [steps], run.token))
    with database.read() as connection:
        bodies = connection.exec_driver_sql(
            "SELECT body FROM events WHERE run_id = ? AND seq = 2", (run.run_id,)
        ).scalars()
        assert orjson.loads(bodies.one()) == {"epoch": 0, "first_step": 0, "names": ["loss"], "points": 2, "fold": None}


def test_long_events_are_read_in_small_pages_without_a_gap(database: Database):
    run = open_run(database)
    events = [make_steps(seq, seq * 4000, {"loss": [0.5] * 4000}) for seq in range(2, 8)]
    asyncio.run(EventIngest(database, Broadcast()).store(run.run_id, events, run.token))
    after, pages = 1, []
    while True:
        with database.read() as connection:
            page = read_events(connection, run.run_id, after, 1000)
        if not page:
            break
        pages.append([event.seq for event in page])
        after = page[-1].seq
    assert pages == [[2, 3], [4, 5], [6, 7]]


def test_a_disk_error_reaches_every_caller_and_stores_nothing(database: Database):
    run = open_run(database)
    with database.write() as connection:
        connection.exec_driver_sql(
            "CREATE TEMP TRIGGER full BEFORE INSERT ON main.logs BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )

    async def post_both() -> list[int | BaseException]:
        ingest = EventIngest(database, Broadcast())
        posts = [ingest.store(run.run_id, STORY, run.token) for _ in range(2)]
        return await asyncio.gather(*posts, return_exceptions=True)

    refused = asyncio.run(post_both())
    with database.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER full")
    assert ["disk full" in str(error) for error in refused] == [True, True]
    assert read_all(database, run.run_id) == []


@pytest.mark.parametrize("values", [{}, {"loss": []}])
def test_a_steps_event_without_numbers_is_kept_as_it_is(database: Database, values: dict[str, list[float]]):
    run = open_run(database)
    steps = make_steps(2, 5, values)
    asyncio.run(EventIngest(database, Broadcast()).store(run.run_id, [steps], run.token))
    assert same(read_all(database, run.run_id), [steps])
