"""Every setting and every limit of the server: a name, a default, what it means. Read from `LAYERLOOM_*` variables."""

import os
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_data_path
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from engine.training.monitor_addresses import read_origin

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
MIB = 1024 * 1024


class Settings(BaseSettings):
    """The server's settings. Sizes are in bytes, times in seconds."""

    model_config = SettingsConfigDict(env_prefix="LAYERLOOM_", extra="ignore", env_ignore_empty=True)

    home: Annotated[Path, Field(description="Folder of the database, the runs' files and the caches.")] = Field(
        default_factory=lambda: user_data_path("layerloom", appauthor=False)
    )
    host: Annotated[str, Field(description="Address to listen on; any but a loopback address needs a token.")] = (
        "127.0.0.1"
    )
    port: Annotated[int, Field(ge=0, le=65535, description="Port to listen on; 0 takes a free one.")] = 8000
    token: Annotated[
        SecretStr | None, Field(description="Whoever uses the server has to know it; None: nobody asks.")
    ] = None
    keep_token: Annotated[
        bool, Field(description="Where a token is needed and none is set, make one, keep it in `home` and print it.")
    ] = False
    allowed_hosts: Annotated[
        list[str], Field(description="Host names that a request may name, beside the loopback names and `host`.")
    ] = []
    allowed_origins: Annotated[
        list[str], Field(description="Other origins whose pages may change something, such as a development server's.")
    ] = []
    allow_code: Annotated[bool, Field(description="Let models bring Python code, which then runs in workers.")] = False
    remote_monitors: Annotated[
        list[str],
        Field(
            description="Addresses that the callback RemoteMonitor of runs may send to, such as http://127.0.0.1:9000."
        ),
    ] = []
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Field(description="The least that is logged.")
    ] = "info"

    database_url: Annotated[str | None, Field(description="SQLAlchemy URL; None: SQLite in `home`.")] = None
    database_readers: Annotated[int, Field(ge=1, le=64, description="Connections that read at the same time.")] = 4
    database_timeout_s: Annotated[float, Field(gt=0, description="How long to wait for the database's lock.")] = 10.0
    min_free_bytes: Annotated[
        int, Field(ge=0, description="Free disk space without which the server does not start.")
    ] = 64 * MIB

    max_body_bytes: Annotated[int, Field(ge=1024, description="Largest request body.")] = 32 * MIB
    max_upload_bytes: Annotated[int, Field(ge=1024, description="Largest file that can be uploaded.")] = 2048 * MIB
    max_message_bytes: Annotated[int, Field(ge=1024, description="Largest message on the WebSocket.")] = MIB // 4
    upload_piece_bytes: Annotated[
        int, Field(ge=1024, description="Bytes that a page sends at once of a file that comes in pieces.")
    ] = 8 * MIB
    keep_uploads_hours: Annotated[
        float, Field(gt=0, description="How long a file waits for its next piece, or for being used.")
    ] = 48.0
    max_data_bytes: Annotated[
        int, Field(ge=1024, description="What uploaded files and the data sets made of them may take together.")
    ] = 64 * 1024 * MIB
    data_folders: Annotated[
        list[Path], Field(description="Folders of this machine whose files may become data sets; none by default.")
    ] = []
    page_size: Annotated[int, Field(ge=1, description="Items on a page when a request does not say.")] = 50
    max_page_size: Annotated[int, Field(ge=1, description="Most items on a page.")] = 500

    prepare_compiler: Annotated[
        bool, Field(description="Start the process that has Keras at once; False: when something first needs it.")
    ] = True
    compiler_start_timeout_s: Annotated[float, Field(gt=0, description="Start of the process that has Keras.")] = 120.0
    catalogue_timeout_s: Annotated[
        float, Field(gt=0, description="Looking through Keras for the catalogue, once for each version of Keras.")
    ] = 300.0
    compiler_timeout_s: Annotated[float, Field(gt=0, description="One check, compile or preview.")] = 60.0
    export_timeout_s: Annotated[float, Field(gt=0, description="One export; converters take long.")] = 600.0
    import_timeout_s: Annotated[float, Field(gt=0, description="One import, with its weights.")] = 300.0
    evaluation_timeout_s: Annotated[float, Field(gt=0, description="One evaluation, or prediction, of a run.")] = 600.0
    max_sessions: Annotated[int, Field(ge=1, le=64, description="Models driven batch by batch at the same time.")] = 2
    session_idle_s: Annotated[float, Field(gt=0, description="Without a question for so long, such a model ends.")] = (
        600.0
    )
    download_timeout_s: Annotated[
        float, Field(gt=0, description="Download of one data set, or of the weights of one application.")
    ] = 1800.0

    compiler_memory_bytes: Annotated[
        int, Field(ge=256 * MIB, description="What the process that has Keras may allocate for one model.")
    ] = 4096 * MIB

    data_memory_bytes: Annotated[
        int, Field(ge=128 * MIB, description="What the process that prepares a data set may allocate.")
    ] = 1024 * MIB
    data_timeout_s: Annotated[float, Field(gt=0, description="Preparing one data set.")] = 6 * 3600.0
    data_silence_s: Annotated[
        float, Field(gt=0, description="So long preparing a data set may come no further: a damaged file can hang it.")
    ] = 600.0
    max_data_jobs: Annotated[int, Field(ge=1, description="Jobs on data, those that wait included.")] = 16
    download_mirror: Annotated[
        str | None,
        Field(
            pattern=r"^https?://",
            description="Address below which Keras's data files are taken; None: where Keras has them.",
        ),
    ] = None

    parallel_runs: Annotated[int, Field(ge=1, description="Runs that train at the same time; others wait.")] = Field(
        default_factory=lambda: max(1, (os.cpu_count() or 1) // 2)
    )
    worker_threads: Annotated[
        int | None, Field(ge=1, description="Threads of TensorFlow in each worker; None: its share of the CPUs.")
    ] = None
    worker_memory_bytes: Annotated[
        int | None, Field(ge=64 * MIB, description="What a worker may allocate for its training; None: no limit.")
    ] = None
    paused_worker_minutes: Annotated[
        float, Field(ge=0, description="How long the worker of a paused run stays; the run goes on without it, too.")
    ] = 30.0
    stop_grace_s: Annotated[float, Field(gt=0, description="How long a worker may take to stop by itself.")] = 20.0
    worker_shutdown_grace_s: Annotated[
        float, Field(gt=0, description="How long workers may take to write a last checkpoint when the server stops.")
    ] = 8.0
    log_tail_lines: Annotated[int, Field(ge=0, description="Last lines of a dead worker that its reason quotes.")] = 20
    shutdown_grace_s: Annotated[float, Field(gt=0, description="How long requests may go on after Ctrl-C.")] = 2.0

    @field_validator("remote_monitors")
    @classmethod
    def _read_origins(cls, addresses: list[str]) -> list[str]:
        """Scheme, host and port of each; what comes after them does not matter."""
        return [read_origin(one) for one in addresses]

    @cached_property
    def url(self) -> str:
        """The database's SQLAlchemy URL."""
        return self.database_url or f"sqlite:///{(self.home / 'layerloom.db').resolve()}"

    @property
    def runs_folder(self) -> Path:
        """Where each run has a folder for its attempts and checkpoints."""
        return self.home / "runs"

    @property
    def weights_folder(self) -> Path:
        """Where the weights of models are, each under its hash."""
        return self.home / "weights"

    def weights_file(self, sha256: str) -> Path:
        """The npz file of the weights with this hash."""
        return self.weights_folder / f"{sha256}.npz"

    @property
    def cache_folder(self) -> Path:
        """What can be deleted at any time and is then made again."""
        return self.home / "cache"

    @property
    def uploads_folder(self) -> Path:
        """Where uploaded files lie while they are being read."""
        return self.home / "uploads"

    @property
    def data_folder(self) -> Path:
        """Where what people's own data sets are made of is, and the data sets themselves."""
        return self.home / "data"

    @property
    def library_folder(self) -> Path:
        """Where the data sets are that people made, each in a folder of its name."""
        return self.data_folder / "sets"

    @property
    def scratch_folder(self) -> Path:
        """Where each compiler process has a folder for its temporary files, which goes with the process."""
        return self.home / "scratch"

    @property
    def worker_url(self) -> str:
        """Where workers on this machine find the server."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def threads_per_worker(self) -> int:
        """How many threads TensorFlow has in each worker, so that runs which train at once get the same."""
        return self.worker_threads or max(1, (os.cpu_count() or 1) // self.parallel_runs)

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.host in LOOPBACK_HOSTS
