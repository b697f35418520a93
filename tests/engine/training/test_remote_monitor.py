"""RemoteMonitor in a run's config: it sends what Keras's sends, only to where it may, and never holds training up."""

import socket

import keras
import pytest

from engine.errors import ConfigError
from engine.training import remote_monitor
from engine.training.callbacks import make_callbacks
from engine.training.config import KerasObject
from engine.training.feeding import FedData
from engine.training.loop import fit_model
from engine.training.monitor_addresses import allow_remote_monitors, read_origin
from engine.training.reporting import Reporter
from tests.engine.training.command_sources import Script
from tests.engine.training.monitor_server import serve_monitor
from tests.engine.training.parity.feature import GRAPH, Feature, begin, fit_with_keras, train_with_us
from tests.engine.training.parity.small_models import FEATURES, NUMBERS, make_line

LINE = Feature("line", make_line, FEATURES, NUMBERS)


@pytest.fixture(autouse=True)
def nothing_stays_allowed():
    yield
    allow_remote_monitors([])


def named(root, **config):
    return {"class_name": "RemoteMonitor", "config": {"root": root, **config}}


def find_free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@pytest.mark.parametrize("as_json", [False, True], ids=["form", "json"])
def test_it_sends_what_keras_sends(as_json, tmp_path):
    config = {"path": "/here", "headers": {"X-Experiment": "seven", "X-Author": "me"}, "send_as_json": as_json}
    with serve_monitor() as theirs, serve_monitor() as ours:
        allow_remote_monitors([ours.address])
        fit_with_keras(LINE, [keras.callbacks.RemoteMonitor(theirs.address, **config)])
        train_with_us(LINE, GRAPH, tmp_path, named=[named(ours.address, **config)])
    assert [one.path for one in ours.received] == [one.path for one in theirs.received] == ["/here", "/here"]
    for mine, other in zip(ours.received, theirs.received, strict=True):
        assert mine.message == pytest.approx(other.message)
        assert (mine.headers["content-type"], mine.headers["x-experiment"]) == (other.headers["content-type"], "seven")


def test_a_dead_address_costs_one_warning_and_no_epoch(tmp_path):
    root = f"http://127.0.0.1:{find_free_port()}"
    allow_remote_monitors([root])
    with pytest.warns(UserWarning, match="Could not reach RemoteMonitor root server") as warned:
        training = train_with_us(LINE, GRAPH, tmp_path, named=[named(root)])
    assert training.history.epoch == [0, 1]
    told = [str(one.message) for one in warned if issubclass(one.category, UserWarning)]
    assert len(told) in (1, 2)
    assert "2 messages were not received" in told[-1]


def test_a_monitor_that_hangs_is_waited_for_only_at_the_end(tmp_path, monkeypatch):
    monkeypatch.setattr(remote_monitor, "FINISH_SECONDS", 0.2)
    monkeypatch.setattr(remote_monitor, "SEND_SECONDS", 60.0)
    with serve_monitor() as monitor:
        monitor.answers.clear()
        allow_remote_monitors([monitor.address])
        with pytest.warns(UserWarning, match="has not answered within"):
            training = train_with_us(LINE, GRAPH, tmp_path, named=[named(monitor.address)])
    assert training.history.epoch == [0, 1]
    # The first was on its way until the monitor answered, after the training; the second never left.
    assert len(monitor.received) == 1


def test_where_a_training_leaves_its_process_what_is_waiting_is_sent(tmp_path):
    with serve_monitor() as monitor, begin(LINE) as model:
        allow_remote_monitors([monitor.address])
        wanted = [KerasObject.model_validate(named(monitor.address))]
        config = LINE.make_config({"mode": "graph", "steps_per_chunk": 2}).model_copy(update={"callbacks": wanted})
        leaving = Script(leaves=lambda: int(model.optimizer.iterations) >= 7)
        fit_model(model, FedData([FEATURES], [NUMBERS], ["y"]), config, tmp_path, Reporter(), commands=leaving)
    assert [one.path for one in monitor.received] == ["/publish/epoch/end/"]


def test_messages_beyond_what_may_wait_are_counted_and_dropped(monkeypatch):
    monkeypatch.setattr(remote_monitor, "MOST_WAITING", 2)
    with serve_monitor() as monitor:
        monitor.answers.clear()
        delivery = remote_monitor.Delivery(monitor.address, "data", {}, as_json=False)
        outbox = remote_monitor.Outbox(delivery)
        for epoch in range(10):
            outbox.put({"epoch": epoch})
        assert outbox.lost in (7, 8)
        assert outbox.problem == "it is slower than the training"
        monitor.answers.set()
        outbox.finish()
    assert len(monitor.received) == 10 - outbox.lost


def test_what_answers_with_an_error_is_told_of(tmp_path):
    with serve_monitor(status=500) as monitor:
        allow_remote_monitors([monitor.address])
        with pytest.warns(UserWarning, match="500 Internal Server Error"):
            train_with_us(LINE, GRAPH, tmp_path, named=[named(monitor.address)])


def test_a_redirect_leads_nowhere(tmp_path):
    with serve_monitor() as other, serve_monitor(307, f"{other.address}/x") as monitor:
        allow_remote_monitors([monitor.address])
        with pytest.warns(UserWarning, match="Redirect response '307"):
            train_with_us(LINE, GRAPH, tmp_path, named=[named(monitor.address)])
    assert (len(monitor.received), other.received) == (2, [])


def test_proxies_of_the_environment_are_not_asked(tmp_path, monkeypatch):
    with serve_monitor() as proxy, serve_monitor() as monitor:
        monkeypatch.setenv("HTTP_PROXY", proxy.address)
        allow_remote_monitors([monitor.address])
        train_with_us(LINE, GRAPH, tmp_path, named=[named(monitor.address)])
    assert (len(monitor.received), proxy.received) == (2, [])


def refuse(tmp_path, **config):
    with pytest.raises(ConfigError) as refused:
        make_callbacks([KerasObject(class_name="RemoteMonitor", config=config)], tmp_path)
    (issue,) = refused.value.issues
    return issue


def test_an_address_that_was_not_allowed_is_refused_and_the_setting_named(tmp_path):
    issue = refuse(tmp_path, root="http://Elsewhere.example")
    assert (issue.code, issue.argument) == ("refused_address", "callbacks.0.root")
    assert issue.message == (
        "RemoteMonitor would send to http://elsewhere.example:80, which has not been allowed (--remote-monitor);"
        " no address has been."
    )
    assert issue.hint is not None
    assert "--remote-monitor http://elsewhere.example:80" in issue.hint
    allow_remote_monitors(["http://127.0.0.1:9000", "https://monitor.example"])
    assert "http://127.0.0.1:9000, https://monitor.example:443" in refuse(tmp_path, root="http://x").message


def test_the_default_of_keras_is_an_address_like_others(tmp_path):
    assert refuse(tmp_path).code == "refused_address"
    allow_remote_monitors(["http://localhost:9000/"])
    (made,) = make_callbacks([KerasObject(class_name="remotemonitor")], tmp_path)
    assert isinstance(made, remote_monitor.RemoteMonitor)


@pytest.mark.parametrize(
    "root",
    [
        "http://allowed:80@evil",
        "http://allowed:80\\@evil",
        "http://allowed:80#@evil",
        "http://allowed:80?x",
        "http://allowed:80.evil",
        "http://allowed:0",
        "http://allowed:99999",
        "http://allowed:8٠",
        "http://allo\nwed",
        "http://",
        "allowed:80",
        "ftp://allowed",
        "file:///etc/passwd",
        "",
    ],
)
def test_what_only_looks_like_an_allowed_address_is_refused(root, tmp_path):
    allow_remote_monitors(["http://allowed"])
    assert refuse(tmp_path, root=root).argument == "callbacks.0.root"


@pytest.mark.parametrize("path", ["@evil/", "evil", ":1/", "/../x", "//x", "/a b", "/a\r\nX: y", "/?q", ""])
def test_a_path_cannot_lead_to_another_address(path, tmp_path):
    allow_remote_monitors(["http://allowed"])
    issue = refuse(tmp_path, root="http://allowed", path=path)
    assert (issue.code, issue.argument) == ("refused_path", "callbacks.0.path")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("Authorization", "Bearer 123", "holds a secret"),
        ("X-Api-Key", "123", "holds a secret"),
        ("X-Authors-Token", "123", "holds a secret"),
        ("cookie", "a=123", "holds a secret"),
        ("Host", "other", "belongs to the transfer"),
        ("Content-Length", "3", "belongs to the transfer"),
        ("X-A", "b\r\nX-C: d", "expected plain text"),
        ("X A", "b", "expected plain text"),
        ("X-A", 3, "expected plain text"),
    ],
)
def test_headers_that_a_config_must_not_have_are_refused(name, value, words, tmp_path):
    allow_remote_monitors(["http://allowed"])
    issue = refuse(tmp_path, root="http://allowed", headers={name: value})
    assert (issue.code, issue.argument) == ("refused_header", f"callbacks.0.headers.{name}")
    assert words in issue.message
    assert "123" not in issue.message


@pytest.mark.parametrize("config", [{"root": 3}, {"path": None}, {"field": ["data"]}, {"headers": ["a"]}])
def test_values_of_other_types_are_refused(config, tmp_path):
    allow_remote_monitors(["http://localhost:9000"])
    assert refuse(tmp_path, **config).code == "invalid_argument"


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("HTTP://Monitor.LAN/x/", "http://monitor.lan:80"),
        ("https://[::1]:9000", "https://[::1]:9000"),
        ("http://127.0.0.1:9000", "http://127.0.0.1:9000"),
    ],
)
def test_an_address_is_known_by_scheme_host_and_port(address, origin):
    assert read_origin(address) == origin
