"""ETags of drafts: the revision in quotes; and what `If-Match` expects of it."""

from typing import Annotated

from fastapi import Depends, Header

from engine.errors import EngineError


def format_etag(revision: int) -> str:
    """The ETag of a draft at this revision."""
    return f'"{revision}"'


def parse_if_match(
    if_match: Annotated[
        str | None,
        Header(max_length=100, description='The ETag of the draft that is changed, such as `"3"`; a stale one is 412.'),
    ] = None,
) -> int | None:
    """The revision that the request expects; None where it expects none (`*` and no header).

    Raises:
        EngineError: `stale` where it names something that cannot be a revision, so matches none.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    revision = if_match.strip().removeprefix("W/").strip('"')
    if not (revision.isascii() and revision.isdigit() and len(revision) < 16):
        raise EngineError(
            "stale",
            f"If-Match is {if_match!r}, which is no revision of a graph.",
            'Send the ETag of GET …/graph, such as "3", or leave If-Match out.',
        )
    return int(revision)


ExpectedRevision = Annotated[int | None, Depends(parse_if_match)]
