"""Events as JSON bytes: encoded once, then stored, sent and sent again as they are."""

import math
from collections.abc import Mapping
from datetime import datetime

import orjson

from engine.training.events import Event, LogEvent, StepsEvent

OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC


def encode_numbers(numbers: list[float]) -> list[float | str]:
    """The numbers for JSON: NaN and infinities become the strings that `engine.training.events.Number` reads."""
    return [*numbers] if all(map(math.isfinite, numbers)) else [encode_number(number) for number in numbers]


def encode_number(number: float) -> float | str:
    """One number for JSON."""
    if math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def encode_logs(logs: Mapping[str, float]) -> str:
    """Logs as a JSON text."""
    return orjson.dumps({name: encode_number(value) for name, value in logs.items()}).decode()


def encode_event(event: Event) -> bytes:
    """One event, as the API shows it."""
    if isinstance(event, StepsEvent):
        return encode_steps(event.seq, event.time, event.epoch, event.first_step, event.values, event.fold)
    if isinstance(event, LogEvent):
        return encode_log(event.seq, event.time, event.level, event.message)
    return event.model_dump_json().encode()


def encode_steps(
    seq: int, time: datetime, epoch: int, first_step: int, values: Mapping[str, list[float]], fold: int | None = None
) -> bytes:
    """A steps event from its parts."""
    body = {
        "type": "steps",
        "seq": seq,
        "time": time,
        "epoch": epoch,
        "first_step": first_step,
        "fold": fold,
        "values": {name: encode_numbers(numbers) for name, numbers in values.items()},
    }
    return orjson.dumps(body, option=OPTIONS)


def encode_log(seq: int, time: datetime, level: str, message: str) -> bytes:
    """A log event from its parts."""
    body = {"type": "log", "seq": seq, "time": time, "level": level, "message": message}
    return orjson.dumps(body, option=OPTIONS)
