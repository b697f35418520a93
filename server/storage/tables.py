"""The tables. Columns named after a document hold its JSON as text, which goes to the browser without being parsed."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from server.storage.columns import UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ID = String(36)

models = Table(
    "models",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", String(120), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("nodes", Integer, nullable=False),
    Column("graph", Text, nullable=False),
    Column("layout", Text, nullable=False),
    Column("training", Text),
    # The hash of a row of `weights`, without a foreign key: migration 0002 says why.
    Column("weights", String(64)),
    Column("weights_source", Text),
    Column("weights_set_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index(None, "created_at", "id"),
    Index(None, "updated_at", "id"),
    Index(None, "name", "id"),
    Index(None, "weights"),
)

# One npz file by the SHA-256 of its content. `layers` are the shapes of its arrays by layer.
weights = Table(
    "weights",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("layers", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

versions = Table(
    "versions",
    metadata,
    Column("id", ID, primary_key=True),
    Column("model_id", ID, ForeignKey("models.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("message", String(500), nullable=False),
    Column("graph", Text, nullable=False),
    Column("layout", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("model_id", "number"),
)

# A run outlives its model: names, numbers, graph and layout are copied into it, and the links become NULL.
runs = Table(
    "runs",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", String(120), nullable=False),
    Column("notes", Text, nullable=False, server_default=""),
    Column("model_id", ID, ForeignKey("models.id", ondelete="SET NULL")),
    Column("model_name", String(120), nullable=False),
    Column("version_id", ID, ForeignKey("versions.id", ondelete="SET NULL")),
    Column("version_number", Integer),
    Column("graph", Text, nullable=False),
    Column("layout", Text, nullable=False),
    Column("config", Text, nullable=False),
    # What training starts with: named here too, so that the file stays for as long as the run does.
    Column("weights", String(64)),
    # What became of the checkpoint that the run started from, as JSON.
    Column("start_report", Text),
    Column("status", String(20), nullable=False),
    Column("reason", Text),
    # The fold that a K-fold run trains, counted from 1, and how many there are; NULL in a run of one model.
    Column("fold", Integer),
    Column("folds", Integer),
    Column("epoch", Integer),
    Column("epochs", Integer, nullable=False),
    Column("step", BigInteger),
    Column("steps_per_epoch", Integer),
    Column("samples", BigInteger),
    Column("latest", Text, nullable=False, server_default="{}"),
    Column("last_seq", BigInteger, nullable=False, server_default="0"),
    # The newest plan event as JSON.
    Column("plan", Text),
    # Whether a worker has reported a checkpoint that training can go on from.
    Column("resumable", Boolean, nullable=False, server_default=false()),
    # How many workers it has had, and how many of them because the one before died, since a person last started it.
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("restarts", Integer, nullable=False, server_default="0"),
    # One attempt is one worker process. The token is stored as its SHA-256; NULL once it is revoked.
    Column("attempt_id", ID),
    Column("attempt_token_hash", String(64)),
    Column("attempt_pid", Integer),
    Column("attempt_process_started", Float),
    Column("created_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    # How long it has trained, in seconds, and since when it does so again; NULL while it does not.
    Column("trained_seconds", Float, nullable=False, server_default="0"),
    Column("training_since", UtcDateTime),
    Index(None, "created_at", "id"),
    Index(None, "status", "created_at"),
    Index(None, "model_id", "created_at"),
    Index(None, "version_id"),
    Index(None, "weights"),
)

events = Table(
    "events",
    metadata,
    Column("run_id", ID, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("type", String(20), nullable=False),
    Column("time", UtcDateTime, nullable=False),
    Column("body", Text, nullable=False),
    sqlite_with_rowid=False,
)

# One row is one piece of a curve: `values` are `count` little-endian float64 from step or epoch `first` on.
# The number comes before the name in the key, so that a page of events finds its own pieces without reading the curve.
metrics = Table(
    "metrics",
    metadata,
    Column("run_id", ID, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("axis", String(5), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(200), primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("count", Integer, nullable=False),
    Column("values", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

logs = Table(
    "logs",
    metadata,
    Column("run_id", ID, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("time", UtcDateTime, nullable=False),
    Column("level", String(10), nullable=False),
    Column("message", Text, nullable=False),
    sqlite_with_rowid=False,
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("id", ID, primary_key=True),
    Column("run_id", ID, ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("fold", Integer),
    Column("epoch", Integer, nullable=False),
    Column("step", BigInteger, nullable=False),
    Column("path", String(500), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("logs", Text, nullable=False),
    Column("cause", String(20), nullable=False, server_default="interval"),
    # Steps of the epoch that are done; NULL where training cannot go on from the file.
    Column("position", BigInteger),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("run_id", "seq"),
)

# What people asked of a run that trains. A command is open until it took effect or became pointless.
commands = Table(
    "commands",
    metadata,
    Column("run_id", ID, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("action", Text, nullable=False),
    Column("at_step", BigInteger),
    Column("created_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
)
