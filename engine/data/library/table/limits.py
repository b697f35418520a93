"""How much a table may ask for, so that memory stays bounded whatever the file's size."""

MAX_COLUMNS = 10_000
MAX_CATEGORIES = 1_000
"""Different values of a column that is a category."""

MAX_CATEGORY_LENGTH = 200
"""Characters of a category's value: longer ones are texts."""

MAX_TEXT_LENGTH = 1_000_000
"""Characters of a text."""

MAX_BATCH_TEXT = 128 << 20
"""Bytes of the texts of a Parquet file that are read at once: one that stands in many rows is stored once there."""

MAX_KEPT_VALUES = 200_000
"""Different values of all categories together, which are held in memory while a table is read."""

MAX_NAME_LENGTH = 500
"""Characters of a column's name."""

MIN_BLOCK, MAX_BLOCK, BLOCK_PER_COLUMN = 2 << 20, 32 << 20, 4 << 10
"""Bytes of text that are parsed at once, at least, at most, and for each column. No row may be longer."""

CELLS_PER_BATCH, BYTES_PER_BATCH = 250_000, 16 << 20
"""Cells, and bytes of cells as they are on average, of a Parquet file that are read at once."""

MAX_CHUNK_BYTES = 512 << 20
"""What a column of a row group of a Parquet file may say that it unpacks to."""

MAX_CELL_CHARACTERS = 500
"""What is kept of a cell in a Parquet file that is no text: more than any number or category has."""

WRITTEN_BYTES = 8 << 20
"""Bytes of prepared samples that are held before they are written."""

HEAD_BYTES, FIRST_BYTES = 4 << 20, 64 << 10
"""The beginning of a text in which the header and the first rows must lie, and mostly do."""

MAX_FILES = 1_000
"""Files that are one table together."""

SAMPLED_FILES = 20
"""Files of a table that an inspection looks into, from the first to the last."""

SHOWN_ROWS, SHOWN_CELLS, SHOWN_CHARACTERS = 20, 20_000, 200
"""What an inspection shows: rows and cells at most, and characters of a cell."""

PROPOSED_ONE_HOT = 100
"""Categories with more values than this are not proposed as inputs: each value is a number of its own per sample."""

HISTOGRAM_BINS = 20
FREE_DISK_SHARE = 0.9
