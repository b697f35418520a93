"""The command, as a person types it: it serves, it stops, and it says in one sentence why it cannot."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

ENVIRONMENT = {"LAYERLOOM_PREPARE_COMPILER": "0", "PYTHONUNBUFFERED": "1"}


def start(home: Path, *options: str, **environment: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "server", "serve", "--home", str(home), "--port", "0", *options]
    variables = os.environ | ENVIRONMENT | environment
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=variables)


@contextmanager
def serving(home: Path, *options: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running server and its address."""
    process = start(home, *options, **environment)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Layerloom is at http://"), process.communicate()
        yield process, line.split()[3]
    finally:
        process.kill()
        process.communicate()


def refuse(home: Path, *options: str, **environment: str) -> str:
    """What a server that does not start says."""
    process = start(home, *options, **environment)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output) == (1, ""), errors
    assert "Traceback" not in errors
    return errors.strip()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_answers_when_it_says_so_and_stops_in_silence_when_asked(tmp_path: Path, number: signal.Signals):
    with serving(tmp_path / "new" / "home") as (process, address):
        assert httpx.get(f"{address}/api/health").json()["status"] == "ok"
        process.send_signal(number)
        _, errors = process.communicate(timeout=20)
        assert process.returncode == 0
        assert "Traceback" not in errors
        assert "ERROR" not in errors
    assert (tmp_path / "new" / "home" / "layerloom.db").is_file()


def test_what_was_stored_is_there_after_a_kill(tmp_path: Path):
    with serving(tmp_path) as (process, address):
        model = httpx.post(f"{address}/api/models", json={"name": "Kept"}).json()
        process.kill()
    with serving(tmp_path) as (_, address):
        assert httpx.get(f"{address}/api/models/{model['id']}").json() == model


def test_a_taken_port_is_one_sentence_that_names_it(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert refuse(tmp_path, "--port", port) == (
            f"Error: Port {port} on 127.0.0.1 is taken by another program;"
            " choose another one with --port (`make run PORT=…`)."
        )


def test_an_address_of_another_machine_is_one_sentence(tmp_path: Path):
    told = refuse(tmp_path, "--host", "192.0.2.1", "--token", "secret")
    assert told.startswith("Error: Cannot listen on 192.0.2.1 (")
    assert told.endswith("choose an address of this machine with --host.")


def test_letting_others_in_needs_a_token(tmp_path: Path):
    assert "LAYERLOOM_TOKEN" in refuse(tmp_path, "--host", "0.0.0.0", LAYERLOOM_TOKEN="")


def test_a_data_folder_that_is_a_file_is_one_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("")
    assert refuse(tmp_path / "file" / "home") == (
        f"Error: The data folder {tmp_path}/file/home cannot be written (Not a directory);"
        " choose another one with --home."
    )


def test_a_full_disk_is_one_sentence(tmp_path: Path):
    told = refuse(tmp_path, LAYERLOOM_MIN_FREE_BYTES=str(2**60))
    assert f"The disk of the data folder {tmp_path} has" in told


def test_a_second_server_keeps_out_of_the_data_folder_of_the_first(tmp_path: Path):
    with serving(tmp_path) as (process, _):
        assert f"Another Layerloom (process {process.pid}) uses the data folder {tmp_path}" in refuse(tmp_path)


def test_a_damaged_database_is_one_sentence_and_left_as_it_is(tmp_path: Path):
    damaged = b"this is no database" * 1000
    (tmp_path / "layerloom.db").write_bytes(damaged)
    assert "cannot be opened (file is not a database)" in refuse(tmp_path)
    assert (tmp_path / "layerloom.db").read_bytes() == damaged


def test_a_database_of_a_newer_layerloom_is_one_sentence(tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / "layerloom.db")) as database, database:
        database.execute("CREATE TABLE alembic_version (version_num TEXT)")
        database.execute("INSERT INTO alembic_version VALUES ('9999')")
    assert "The database is at migration 9999" in refuse(tmp_path)


def test_a_setting_that_does_not_fit_is_one_sentence(tmp_path: Path):
    assert refuse(tmp_path, LAYERLOOM_PARALLEL_RUNS="0") == (
        "Error: parallel_runs: Input should be greater than or equal to 1. Received '0'."
    )


def test_the_server_never_imports_what_its_children_are_for():
    heavy = {"tensorflow", "keras", "sklearn", "h5py", "numpy", "tsdownsample", "alembic"}
    code = f"import sys, server.serve, server.loading; print({heavy!r} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "set()"


def test_the_openapi_document_names_every_operation_once():
    result = subprocess.run([sys.executable, "-m", "server", "openapi"], capture_output=True, text=True, check=True)
    names = [line.split('"')[3] for line in result.stdout.splitlines() if '"operationId"' in line]
    assert len(names) > 30
    assert len(names) == len(set(names))
