"""Keeps what became of the checkpoint that a run started from."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("runs", sa.Column("start_report", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("runs", "start_report")
