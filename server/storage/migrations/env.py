"""Runs migrations on the connection that `server.storage.upgrade` hands over."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from server.storage.columns import UtcDateTime
from server.storage.tables import metadata


def render_item(_kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """Our own column types by their plain name: a migration must not change when the class does."""
    return "sa.DateTime(timezone=True)" if isinstance(item, UtcDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
