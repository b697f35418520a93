"""A column of dates as numbers that a model takes."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engine.data.library.manifest import FieldSummary
from engine.data.library.table.dates import read_dates
from engine.data.library.table.options import DatePart
from engine.data.library.table.reading import Batch, Column
from engine.data.library.table.tallies import NumberTally
from engine.data.library.table.values import CellReader, Numbers, Values

SECONDS: Final = "seconds"


class DateField:
    """A column of dates: a number for each part, which Arrow finds of a date; `seconds` are those since the first."""

    def __init__(self, column: Column, parts: list[DatePart], form: str):
        self.name = column.name
        self._dtype = str(column.type)
        self._form = form
        self.parts = parts
        self.tally = NumberTally()
        self.width = len(parts)

    def learn(self, batch: Batch, reader: CellReader) -> npt.NDArray[np.bool_]:
        """Takes note of a batch; answers where values are missing."""
        seconds = self._read(batch, reader)
        self.tally.add(seconds)
        return np.isnan(seconds)

    def finish_learning(self) -> None:
        """Nothing is left to do."""

    def read(self, batch: Batch, reader: CellReader) -> tuple[Numbers, npt.NDArray[np.bool_]]:
        """Seconds since 1970 of a batch, and where they are missing."""
        seconds = self._read(batch, reader)
        self.tally.add_to_histogram(seconds)
        return seconds, np.isnan(seconds)

    def fill(self, values: Values, missing: npt.NDArray[np.bool_]) -> Values:
        """The values with the mean date where one is missing."""
        return np.where(missing, self.tally.mean, values) if missing.any() else values

    def write(self, values: Values, into: npt.NDArray[np.generic]) -> None:
        """Into shape (rows, parts)."""
        seconds = values.astype("float64")
        moments = pa.array(np.round(seconds * 1e6).astype("int64")).cast(pa.timestamp("us"))
        for place, part in enumerate(self.parts):
            if part == SECONDS:
                into[:, place] = seconds - self.tally.minimum
            else:
                into[:, place] = pc.call_function(part, [moments]).to_numpy(zero_copy_only=False)

    def summarise(self) -> FieldSummary:
        """What is known of the column: range and mean in seconds since 1970."""
        return summarise_dates(self.tally, self.name, self._dtype)

    def _read(self, batch: Batch, reader: CellReader) -> Numbers:
        return read_dates(reader, self.name, batch.columns[self.name], batch.rows, self._form)


def summarise_dates(tally: NumberTally, name: str, dtype: str) -> FieldSummary:
    """What a person wants to know of a column of dates; numbers are seconds since 1970."""
    return tally.summarise(name, dtype[:100]).model_copy(update={"kind": "date"})


def propose_parts(seconds: Numbers | None) -> list[DatePart]:
    """Parts that are worth something for dates (seconds since 1970) like these: hours only where there are some."""
    usual: list[DatePart] = [SECONDS, "year", "month", "day", "day_of_week"]
    known = seconds[~np.isnan(seconds)] if seconds is not None else np.zeros(0)
    return [*usual, "hour"] if (known % 86_400).any() else usual
