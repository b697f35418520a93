"""The numbering of events, and numbers that JSON does not have."""

import json
import math
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from engine.training.events import EVENT, Event, StepsEvent
from engine.training.reporting import MAX_MESSAGE, Reporter

numbers = st.floats(allow_nan=True, allow_infinity=True)


def test_many_threads_report_without_a_gap_and_in_order():
    events: list[Event] = []
    report = Reporter(events.append, first_seq=5)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda index: report.log(str(index)), range(400)))
    assert [event.seq for event in events] == list(range(5, 405))


def test_nothing_comes_after_a_final_status():
    events: list[Event] = []
    report = Reporter(events.append)
    report.status("running")
    report.status("stopped", "asked to")
    report.log("too late")
    assert [(event.seq, event.type) for event in events] == [(1, "status"), (2, "status")]


def test_an_event_that_could_not_be_handed_on_leaves_no_gap():
    events: list[Event] = []

    def refuse_once(event: Event) -> None:
        if event.seq == 2 and not refused:
            refused.append(event)
            raise OSError("no room")
        events.append(event)

    refused: list[Event] = []
    report = Reporter(refuse_once)
    report.log("one")
    try:
        report.log("lost")
    except OSError:
        report.log("two")
    assert [event.seq for event in events] == [1, 2]


def test_a_message_that_is_too_long_is_cut():
    events: list[Event] = []
    Reporter(events.append).log("x" * (MAX_MESSAGE + 1))
    (event,) = events
    assert event.type == "log"
    assert (len(event.message), event.message[-1]) == (MAX_MESSAGE, "…")


def refuse_constant(name):
    raise AssertionError(f"{name} is no JSON")


@given(st.dictionaries(st.text(min_size=1, max_size=20), st.lists(numbers, max_size=5), max_size=3))
def test_every_number_survives_json(values):
    event = StepsEvent(seq=1, time=datetime.now(UTC), epoch=0, first_step=0, values=values)
    text = event.model_dump_json()
    json.loads(text, parse_constant=refuse_constant)
    back = EVENT.validate_json(text)
    assert isinstance(back, StepsEvent)
    for name, ours in values.items():
        for left, right in zip(ours, back.values[name], strict=True):
            assert left == right or (math.isnan(left) and math.isnan(right))
