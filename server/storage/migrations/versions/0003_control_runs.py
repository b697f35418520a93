"""Keeps what is asked of runs, how they are run, and what they can go on from."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "commands",
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("at_step", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_commands_run_id_runs"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "number", name=op.f("pk_commands")),
    )
    op.add_column("runs", sa.Column("plan", sa.Text(), nullable=True))
    op.add_column("runs", sa.Column("resumable", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("runs", sa.Column("attempts", sa.Integer(), server_default="0", nullable=False))
    op.add_column("runs", sa.Column("restarts", sa.Integer(), server_default="0", nullable=False))
    op.add_column("checkpoints", sa.Column("cause", sa.String(length=20), server_default="interval", nullable=False))
    op.add_column("checkpoints", sa.Column("position", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    for column in ("position", "cause"):
        op.drop_column("checkpoints", column)
    for column in ("restarts", "attempts", "resumable", "plan"):
        op.drop_column("runs", column)
    op.drop_table("commands")
