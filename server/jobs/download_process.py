"""The process that fetches one of Keras's data sets, and ends."""

from multiprocessing.connection import Connection

from engine.errors import EngineError
from server.jobs.data_process import ProgressTeller, answer, begin_data_process, out_of_memory
from server.jobs.data_questions import DownloadQuestion
from server.jobs.memory_limit import limit_memory


def download_dataset(pipe: Connection, memory_bytes: int, payload: bytes) -> None:
    """Answers a `DownloadQuestion` with progress and a `DatasetSummary`: a target for `multiprocessing.Process`."""
    # Broken off, Keras removes the half of a file that has come.
    begin_data_process(may_clean_up=True)
    question = DownloadQuestion.model_validate_json(payload)
    tell = ProgressTeller(pipe)
    too_much = out_of_memory("Reading what was downloaded", memory_bytes, "LAYERLOOM_COMPILER_MEMORY_BYTES", "")
    try:
        answer(pipe, lambda: _download(question, tell, memory_bytes), too_much, _explain)
    except KeyboardInterrupt:
        return


def _download(question: DownloadQuestion, tell: ProgressTeller, memory_bytes: int) -> bytes:
    from engine.data.datasets import download_dataset, find_source
    from engine.data.downloading import watch_downloads

    limit_memory(memory_bytes)
    expected = find_source(question.name).summarize().download_bytes or 0

    def hear(received: int, total: int | None) -> None:
        most = max(expected, total or 0)
        tell(min(1.0, received / most) if most else 0.0, received, most or None)

    try:
        with watch_downloads(hear, question.mirror):
            return download_dataset(question.name).model_dump_json().encode()
    except EngineError as error:
        other = "LAYERLOOM_DOWNLOAD_MIRROR can say from where else it is to be taken."
        raise EngineError(error.code, error.message, f"{error.hint} {other}" if error.hint else None) from error


def _explain(error: OSError) -> EngineError:
    return EngineError("download_failed", f"Reading or writing failed: {error.strerror or error}.")
