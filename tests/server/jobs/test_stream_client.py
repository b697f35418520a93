"""What one connection gets, also when it is slow, late or away for a while."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from server.jobs.broadcast import RECENT_BATCHES, Broadcast
from server.jobs.ingest import EventIngest
from server.jobs.stream_client import StreamClient
from server.storage.database import Database
from server.storage.runs import RunStore
from tests.server.open_runs import OpenRun, make_epoch, make_log, open_run


class Browser:
    """The other end: keeps what comes, and takes nothing while it is `asleep`."""

    def __init__(self, broadcast: Broadcast, database: Database):
        self.notifications: list[dict[str, object]] = []
        self.awake = asyncio.Event()
        self.awake.set()
        self._changed = asyncio.Condition()
        self.client = StreamClient(self._receive, broadcast, database)

    async def _receive(self, text: str) -> None:
        await self.awake.wait()
        async with self._changed:
            self.notifications.append(orjson.loads(text))
            self._changed.notify_all()

    async def say(self, **command: object) -> None:
        await self.client.obey(orjson.dumps(command))

    async def wait_until(self, condition: Callable[["Browser"], bool]) -> None:
        async with asyncio.timeout(20), self._changed:
            await self._changed.wait_for(lambda: condition(self))

    async def wait_for_events(self, run_id: str, count: int) -> None:
        await self.wait_until(lambda _: len(self.seqs(run_id)) >= count)

    def seqs(self, run_id: str) -> list[int]:
        events = [one["events"] for one in self.notifications if one.get("run_id") == run_id and "events" in one]
        return [event["seq"] for batch in events for event in batch]  # type: ignore[attr-defined]


@asynccontextmanager
async def connect(broadcast: Broadcast, database: Database) -> AsyncIterator[Browser]:
    browser = Browser(broadcast, database)
    sending = asyncio.create_task(browser.client.send_news())
    try:
        yield browser
    finally:
        browser.client.close()
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)


async def report(ingest: EventIngest, run: OpenRun, first: int, last: int) -> None:
    await ingest.store(run.run_id, [make_log(seq, f"line {seq}") for seq in range(first, last + 1)], run.token)


@settings(max_examples=25, deadline=None)
@given(
    cuts=st.lists(st.integers(1, 60), min_size=1, max_size=6),
    breaks=st.lists(st.integers(0, 5), max_size=4),
)
def test_a_browser_that_goes_and_comes_back_misses_nothing_and_gets_nothing_twice(
    database: Database, cuts: list[int], breaks: list[int]
):
    run = open_run(database)
    total = 1 + sum(cuts)

    async def follow_through_breaks(broadcast: Broadcast) -> list[int]:
        seen: list[int] = []
        for patience in [*breaks, None]:
            async with connect(broadcast, database) as browser:
                await browser.say(type="subscribe", run_id=run.run_id, after=seen[-1] if seen else 0)
                wanted = total if patience is None else min(total, len(seen) + patience)
                have = len(seen)
                await browser.wait_for_events(run.run_id, wanted - have)
                seen += browser.seqs(run.run_id)
        return seen

    async def play() -> list[int]:
        broadcast = Broadcast()
        ingest = EventIngest(database, broadcast)

        async def report_all() -> None:
            first = 2
            for count in cuts:
                await report(ingest, run, first, first + count - 1)
                first += count

        seen, _ = await asyncio.gather(follow_through_breaks(broadcast), report_all())
        return seen

    assert asyncio.run(play()) == list(range(1, total + 1))


def test_a_slow_browser_holds_up_nobody_and_is_kept_nothing_for(database: Database):
    run = open_run(database)

    async def play() -> tuple[list[int], list[int], int]:
        broadcast = Broadcast()
        ingest = EventIngest(database, broadcast)
        async with connect(broadcast, database) as slow, connect(broadcast, database) as fast:
            slow.awake.clear()
            for browser in (slow, fast):
                await browser.say(type="subscribe", run_id=run.run_id, after=0)
            for seq in range(2, 402):
                await report(ingest, run, seq, seq)
            await fast.wait_until(lambda b: len(b.seqs(run.run_id)) == 401)
            kept = len(broadcast._channels[run.run_id].recent)
            slow.awake.set()
            await slow.wait_until(lambda b: len(b.seqs(run.run_id)) == 401)
            return fast.seqs(run.run_id), slow.seqs(run.run_id), kept

    fast, slow, kept = asyncio.run(play())
    assert fast == slow == list(range(1, 402))
    assert kept <= RECENT_BATCHES


def test_subscribing_again_goes_on_from_the_new_number(database: Database):
    run = open_run(database)

    async def play() -> list[int]:
        broadcast = Broadcast()
        await report(EventIngest(database, broadcast), run, 2, 5)
        async with connect(broadcast, database) as browser:
            await browser.say(type="subscribe", run_id=run.run_id, after=3)
            await browser.wait_until(lambda b: len(b.seqs(run.run_id)) == 2)
            await browser.say(type="subscribe", run_id=run.run_id, after=1)
            await browser.wait_until(lambda b: len(b.seqs(run.run_id)) == 6)
            return browser.seqs(run.run_id)

    assert asyncio.run(play()) == [4, 5, 2, 3, 4, 5]


def test_after_unsubscribing_nothing_of_the_run_comes(database: Database):
    silent, heard = open_run(database), open_run(database)

    async def play() -> list[int]:
        broadcast = Broadcast()
        ingest = EventIngest(database, broadcast)
        async with connect(broadcast, database) as browser:
            for run in (silent, heard):
                await browser.say(type="subscribe", run_id=run.run_id, after=1)
            await browser.say(type="unsubscribe", run_id=silent.run_id)
            await report(ingest, silent, 2, 4)
            await report(ingest, heard, 2, 4)
            await browser.wait_until(lambda b: len(b.seqs(heard.run_id)) == 3)
            return browser.seqs(silent.run_id)

    assert asyncio.run(play()) == []


def test_whoever_listens_to_all_runs_hears_the_newest_word_about_each(database: Database):
    run = open_run(database)

    async def play() -> dict[str, object]:
        broadcast = Broadcast()
        ingest = EventIngest(database, broadcast)
        async with connect(broadcast, database) as browser:
            await browser.say(type="subscribe_runs")
            await ingest.store(run.run_id, [make_epoch(2, 0, 45, loss=0.5)], run.token)
            await browser.wait_until(lambda b: len(b.notifications) == 1)
            return browser.notifications[0]

    notification = asyncio.run(play())
    now = orjson.loads(RunStore(database).get(run.run_id).model_dump_json())
    assert notification == {"type": "run", "run": now}


def test_a_deleted_run_is_told_to_those_who_follow_it_and_to_those_who_listen(database: Database):
    run = open_run(database)

    async def play() -> tuple[list[dict[str, object]], list[dict[str, object]]]:
        broadcast = Broadcast()
        async with connect(broadcast, database) as follower, connect(broadcast, database) as listener:
            await follower.say(type="subscribe", run_id=run.run_id, after=1)
            await listener.say(type="subscribe_runs")
            broadcast.publish_deleted(run.run_id)
            for browser in (follower, listener):
                await browser.wait_until(lambda b: len(b.notifications) == 1)
            return follower.notifications, listener.notifications

    follower, listener = asyncio.run(play())
    detail = f"Run '{run.run_id}' was deleted; no more events of it will come."
    assert follower == [{"type": "error", "detail": detail, "run_id": run.run_id}]
    assert listener == [{"type": "run_deleted", "run_id": run.run_id}]
