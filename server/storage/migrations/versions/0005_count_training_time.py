"""Keeps how long a run has trained: what it was paused, or waited, does not count."""

from itertools import pairwise

import sqlalchemy as sa
from alembic import op

from server.storage.columns import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

RUNS = sa.table("runs", sa.column("id"), sa.column("trained_seconds"), sa.column("training_since", UtcDateTime))
EVENTS = sa.table(
    "events",
    sa.column("run_id"),
    sa.column("seq"),
    sa.column("type"),
    sa.column("time", UtcDateTime),
    sa.column("body"),
)


def upgrade() -> None:
    op.add_column("runs", sa.Column("trained_seconds", sa.Float(), server_default="0", nullable=False))
    op.add_column("runs", sa.Column("training_since", sa.DateTime(timezone=True), nullable=True))
    connection = op.get_bind()
    for run_id in connection.execute(sa.select(RUNS.c.id)).scalars().all():
        _count(connection, run_id)


def downgrade() -> None:
    op.drop_column("runs", "training_since")
    op.drop_column("runs", "trained_seconds")


def _count(connection: sa.Connection, run_id: str) -> None:
    """From the times at which the run's status changed."""
    changed = (
        sa.select(EVENTS.c.time, EVENTS.c.body)
        .where(EVENTS.c.run_id == run_id, EVENTS.c.type == "status")
        .order_by(EVENTS.c.seq)
    )
    statuses = [(time, '"status":"running"' in body) for time, body in connection.execute(changed)]
    spent = sum((end - start).total_seconds() for (start, runs), (end, _) in pairwise(statuses) if runs)
    since = statuses[-1][0] if statuses and statuses[-1][1] else None
    values = {"trained_seconds": max(0.0, spent), "training_since": since}
    connection.execute(sa.update(RUNS).where(RUNS.c.id == run_id).values(values))
