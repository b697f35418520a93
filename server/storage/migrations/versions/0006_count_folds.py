"""Keeps which fold a K-fold run trains, of how many, and of which one a checkpoint is."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("runs", sa.Column("fold", sa.Integer(), nullable=True))
    op.add_column("runs", sa.Column("folds", sa.Integer(), nullable=True))
    op.add_column("checkpoints", sa.Column("fold", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("checkpoints", "fold")
    op.drop_column("runs", "folds")
    op.drop_column("runs", "fold")
