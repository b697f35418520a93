"""The sender against a real server: each event stored once, in order, whatever happens on the way."""

import threading
from datetime import UTC, datetime

import pytest

from engine.training.events import LogEvent
from server.jobs.address import ServerAddress
from server.jobs.sender import BATCH_BYTES, Sender
from server.jobs.spool import Spool, SpoolCursor
from tests.server.jobs.event_server import TOKEN, EventServer


@pytest.fixture
def server():
    server = EventServer()
    server.start()
    yield server
    server.stop()


class Sending:
    """A spool with a sender at work on it."""

    def __init__(self, path, url, token=TOKEN):
        self.revoked: list[str] = []
        self.was_revoked = threading.Event()
        self.spool = Spool(path)
        self.sender = Sender(SpoolCursor(path, 1), ServerAddress(url), "/api/runs/r/events", token, self._on_revoked)
        self.sender.start()
        self.sent: list[LogEvent] = []

    def add(self, count: int, size: int = 10) -> None:
        for _ in range(count):
            event = LogEvent(seq=len(self.sent) + 1, time=datetime.now(UTC), message="x" * size)
            self.spool.append(event)
            self.sent.append(event)
            self.sender.wake()

    def _on_revoked(self, answer: str) -> None:
        self.revoked.append(answer)
        self.was_revoked.set()


@pytest.fixture
def sending(tmp_path, server):
    sending = Sending(tmp_path / "spool", server.url)
    yield sending
    sending.sender.finish(0.1)
    sending.spool.close()


def test_events_arrive_in_order_while_more_are_made(server, sending):
    sending.add(500)
    assert sending.sender.finish(30)
    assert server.events == sending.sent


def test_more_than_a_batch_holds_arrives_in_several(server, sending):
    sending.add(3 * BATCH_BYTES // 90_000, size=90_000)
    assert sending.sender.finish(30)
    assert server.events == sending.sent
    assert server.requests >= 3


def test_an_event_is_sent_without_waiting_for_another(server, sending):
    sending.add(1)
    server.wait_for(lambda it: it.last_seq == 1)
    sending.add(1)
    server.wait_for(lambda it: it.last_seq == 2)


def test_a_server_that_goes_down_and_comes_back_gets_everything_once(server, sending):
    sending.add(20)
    server.wait_for(lambda it: it.last_seq == 20)
    server.stop()
    sending.add(20)
    server.start()
    sending.add(20)
    assert sending.sender.finish(30)
    assert server.events == sending.sent


def test_a_lost_answer_repeats_and_harms_nothing(server, sending):
    server.lost_answers = 2
    sending.add(5)
    assert sending.sender.finish(30)
    assert server.events == sending.sent


def test_a_server_with_troubles_of_its_own_is_asked_again(server, sending):
    server.answers = [500, 503, 429, 422]
    sending.add(5)
    assert sending.sender.finish(30)
    assert server.events == sending.sent


def test_a_server_that_lost_events_gets_them_again(server, sending):
    sending.add(10)
    server.wait_for(lambda it: it.last_seq == 10)
    server.events, server.last_seq = server.events[:4], 4
    sending.add(1)
    assert sending.sender.finish(30)
    assert server.events == sending.sent


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_revoked_attempt_is_told_and_sends_no_more(status, server, sending):
    server.answers = [status]
    sending.add(1)
    assert sending.was_revoked.wait(30)
    sending.add(1)
    assert sending.sender.finish(30)
    assert (server.requests, server.events) == (1, [])
    assert str(status) in sending.revoked[0]


def test_an_absent_server_holds_nothing_up_for_longer_than_allowed(server, sending):
    server.stop()
    sending.add(10)
    assert not sending.sender.finish(0.2)
