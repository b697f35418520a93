"""The addresses that RemoteMonitor may send to, as whoever starts the server gives them."""

import click
import pytest
from click.testing import CliRunner

from server.cli import main, read_settings


def test_addresses_are_kept_by_scheme_host_and_port(monkeypatch: pytest.MonkeyPatch):
    assert read_settings({}).remote_monitors == []
    assert read_settings({"remote_monitors": ["HTTP://Monitor/x"]}).remote_monitors == ["http://monitor:80"]
    monkeypatch.setenv("LAYERLOOM_REMOTE_MONITORS", '["https://[::1]:9000"]')
    assert read_settings({}).remote_monitors == ["https://[::1]:9000"]


@pytest.mark.parametrize("address", ["monitor:9000", "http://me:secret@monitor", "http://monitor?x", "*", ""])
def test_what_is_no_address_is_refused_with_an_example(address: str):
    with pytest.raises(click.ClickException, match="expected an address such as"):
        read_settings({"remote_monitors": [address]})


def test_a_wrong_address_on_the_command_line_is_one_sentence():
    told = CliRunner().invoke(main, ["serve", "--remote-monitor", "http://ok", "--remote-monitor", "ftp://x"])
    assert told.exit_code == 1
    assert "remote_monitors: Value error, expected an address such as" in told.output
