"""The spool: what was appended can be read after any death, and never more than was appended."""

import os
import resource
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.training.events import LogEvent
from server.jobs.spool import Spool, SpoolCursor, read_spool

messages = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=50), max_size=8)


def make_events(texts, first_seq=1):
    now = datetime.now(UTC)
    return [LogEvent(seq=seq, time=now, message=text) for seq, text in enumerate(texts, start=first_seq)]


def write_spool(path, events):
    with Spool(path) as spool:
        for event in events:
            spool.append(event)


def test_a_spool_that_does_not_exist_has_no_events(tmp_path):
    assert list(read_spool(tmp_path / "events.jsonl")) == []


def test_only_what_comes_after_is_read(tmp_path):
    events = make_events(["a", "b", "c"], first_seq=5)
    write_spool(tmp_path / "s", events)
    assert list(read_spool(tmp_path / "s", after=5)) == events[1:]


@given(messages, st.data())
def test_a_spool_cut_anywhere_reads_as_a_beginning_of_itself(tmp_path_factory, texts, data):
    path = tmp_path_factory.mktemp("spool") / "s"
    events = make_events(texts)
    write_spool(path, events)
    content = path.read_bytes()
    cut = data.draw(st.integers(0, len(content)))
    path.write_bytes(content[:cut])
    whole = content[:cut].count(b"\n")
    assert list(read_spool(path)) == events[:whole]


@given(messages, st.integers(1, 300), st.data())
def test_a_cursor_hands_out_every_line_once_however_much_is_acknowledged(tmp_path_factory, texts, limit, data):
    path = tmp_path_factory.mktemp("spool") / "s"
    events = make_events(texts, first_seq=3)
    write_spool(path, events)
    cursor = SpoolCursor(path, first_seq=3)
    seen: list[int] = []
    while lines := cursor.read_batch(limit):
        numbers = [LogEvent.model_validate_json(line).seq for line in lines]
        assert numbers[0] == cursor.next_seq
        stored = data.draw(st.integers(numbers[0], numbers[-1]))
        seen += [number for number in numbers if number <= stored]
        cursor.advance(stored)
    assert seen == [event.seq for event in events]


@pytest.mark.parametrize("stored", [0, 2, 3, 6])
def test_a_cursor_goes_back_to_where_the_server_is(tmp_path, stored):
    write_spool(tmp_path / "s", make_events("abcdefgh"))
    cursor = SpoolCursor(tmp_path / "s", first_seq=1)
    cursor.read_batch(10_000)
    cursor.advance(7)
    cursor.advance(stored)
    assert [LogEvent.model_validate_json(line).seq for line in cursor.read_batch(10_000)] == [*range(stored + 1, 9)]


def test_a_damaged_line_ends_the_reading(tmp_path):
    path = tmp_path / "s"
    events = make_events(["a", "b", "c"])
    write_spool(path, events)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + b'{"seq": 2, "type": "lo\n' + lines[2])
    assert list(read_spool(path)) == events[:1]


def test_what_did_not_fit_on_the_disk_is_written_once_there_is_room(tmp_path):
    path = tmp_path / "s"
    events = make_events(["first", "x" * 500, "third"])
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with Spool(path) as spool:
        spool.append(events[0])
        resource.setrlimit(resource.RLIMIT_FSIZE, (300, limits[1]))
        try:
            spool.append(events[1])
            assert list(read_spool(path)) == events[:1]
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
            signal.signal(signal.SIGXFSZ, handler)
        spool.append(events[2])
    assert list(read_spool(path)) == events


def test_a_writer_that_is_killed_leaves_whole_events_without_a_gap(tmp_path):
    code = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from engine.training.events import LogEvent
from server.jobs.spool import Spool
with Spool(Path(sys.argv[1])) as spool:
    for seq in range(1, 10**9):
        spool.append(LogEvent(seq=seq, time=datetime.now(UTC), message="x" * (seq % 700)))
        if seq == 200:
            print("enough", flush=True)
"""
    path = tmp_path / "s"
    root = Path(__file__).parents[3]
    writer = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, cwd=root, text=True)
    with writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "enough\n"
        os.kill(writer.pid, signal.SIGKILL)
    numbers = [event.seq for event in read_spool(path)]
    assert len(numbers) >= 200
    assert numbers == list(range(1, len(numbers) + 1))
