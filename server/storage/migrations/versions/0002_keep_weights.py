"""Keeps weights: files by their hash, which models and runs name.

The new columns have no foreign key: SQLite could get one only by making the tables anew, and dropping the old `models`
would take all versions along. Every transaction that names weights makes sure that they are there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "weights",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("layers", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_weights")),
    )
    op.add_column("models", sa.Column("weights", sa.String(length=64), nullable=True))
    op.add_column("models", sa.Column("weights_source", sa.Text(), nullable=True))
    op.add_column("models", sa.Column("weights_set_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("runs", sa.Column("weights", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_models_weights"), "models", ["weights"], unique=False)
    op.create_index(op.f("ix_runs_weights"), "runs", ["weights"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_runs_weights"), table_name="runs")
    op.drop_index(op.f("ix_models_weights"), table_name="models")
    op.drop_column("runs", "weights")
    for column in ("weights_set_at", "weights_source", "weights"):
        op.drop_column("models", column)
    op.drop_table("weights")
