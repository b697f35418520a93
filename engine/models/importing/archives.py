"""A look at a `.keras` file before anything is made of it: it is within the limits, and nothing in it leads out."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from engine.errors import EngineError
from engine.models.limits import DEFAULT_LIMITS, Limits

CONFIG = "config.json"
WEIGHTS = "model.weights.h5"
COMPRESSIONS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
LINK = 0xA000
TYPE_BITS = 0xF000
SMALL = 1 << 20
"""Below this many bytes it does not matter how well a member is compressed."""

MAX_DIRECTORY_BYTES = 8 * 2**20


@contextmanager
def open_archive(path: Path, limits: Limits = DEFAULT_LIMITS) -> Iterator[zipfile.ZipFile]:
    """The archive, once its list of members has proved harmless.

    Raises `EngineError` `invalid_model_file` or `too_large`, also for what proves damaged inside the block.
    """
    try:
        _refuse_large_directory(path)
        with zipfile.ZipFile(path) as archive:
            _check_members(archive, limits)
            yield archive
    except EngineError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise EngineError(
            "invalid_model_file", f"The zip archive is damaged: {error}.", "Save the model again, or copy it again."
        ) from error


def read_member(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """A member's content. Raises `EngineError` `invalid_model_file` or `too_large`."""
    if name not in archive.namelist():
        raise EngineError(
            "invalid_model_file",
            f"The zip archive has no {name!r}, so it is no .keras file; it holds"
            f" {', '.join(repr(one[:60]) for one in archive.namelist()[:5]) or 'nothing'}.",
            "Take what model.save('model.keras') writes.",
        )
    with archive.open(name) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise EngineError("too_large", f"{name} in the archive has more than {most:,} bytes; expected at most that.")
    return content


def _refuse_large_directory(path: Path) -> None:
    """The list of members is read as a whole when an archive is opened, so its size is looked at before."""
    with path.open("rb") as file:
        end = zipfile._EndRecData(file)  # type: ignore[attr-defined]  # noqa: SLF001 - the only reader of that record
    if end is None:
        raise EngineError(
            "invalid_model_file", "The file begins like a zip archive, and is none: it has no end. It may be cut off."
        )
    if end[5] > MAX_DIRECTORY_BYTES:
        raise EngineError("too_large", f"The archive's list of members has {end[5]:,} bytes.")


def _check_members(archive: zipfile.ZipFile, limits: Limits) -> None:
    members = archive.infolist()
    if len(members) > limits.max_archive_members:
        raise _too_large(f"{len(members):,} members", f"{limits.max_archive_members:,}")
    total = sum(member.file_size for member in members)
    if total > limits.max_archive_bytes:
        raise _too_large(f"{total:,} bytes once unpacked", f"{limits.max_archive_bytes:,}")
    names = [member.filename for member in members]
    if len(set(names)) != len(names):
        raise _refuse("two members have the same name")
    for member in members:
        place = PurePosixPath(member.filename.replace("\\", "/"))
        if place.is_absolute() or ".." in place.parts or "\0" in member.filename:
            raise _refuse(f"the member {member.filename[:100]!r} leads out of the archive")
        if (member.external_attr >> 16) & TYPE_BITS == LINK:
            raise _refuse(f"the member {member.filename[:100]!r} is a link")
        if member.flag_bits & 0x1 or member.compress_type not in COMPRESSIONS:
            raise _refuse(f"the member {member.filename[:100]!r} is encrypted or compressed in an unknown way")
        if member.file_size > SMALL and member.file_size > limits.max_compression * max(1, member.compress_size):
            raise _too_large(
                f"a member that unpacks to {member.file_size // max(1, member.compress_size):,} times its size",
                f"{limits.max_compression} times",
            )


def _refuse(what: str) -> EngineError:
    return EngineError("invalid_model_file", f"The archive cannot be imported: {what}.", "Save the model again.")


def _too_large(received: str, expected: str) -> EngineError:
    return EngineError("too_large", f"The archive has {received}; expected at most {expected}.")
