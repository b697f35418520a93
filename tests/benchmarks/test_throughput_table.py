"""The verdicts of the throughput benchmark."""

import pytest

from benchmarks.throughput_runs import find_settled, measure_rate, read_time
from benchmarks.throughput_table import OURS, ModelResult, WayResult, format_results, judge


def make_result(title="LSTM", **rates):
    ways = {
        name: WayResult([rate] if rate else [], note="" if rate else "not installed") for name, rate in rates.items()
    }
    return ModelResult(title, "drawn, 10 samples", 2, 5, ways)


def test_ratios_compare_with_fit_and_with_the_fastest_of_the_others():
    result = make_result(fit=100.0, loop=400.0, torch=300.0, **{OURS: 500.0})
    assert (result.against_fit, result.best_other, result.against_best) == (5.0, "loop", 1.25)


def test_a_way_that_is_not_installed_has_no_rate_and_says_so():
    result = make_result(fit=100.0, torch=None, **{OURS: 200.0})
    assert result.best_other == "fit"
    assert "not installed" in format_results([result])


def test_the_budgets_want_at_least_so_much():
    results = [make_result(fit=100.0, **{OURS: 160.0}), make_result(fit=10.0, **{OURS: 1000.0})]
    verdicts = {verdict.name: verdict for verdict in judge(results)}
    mean = verdicts["training against fit, geometric mean"]
    assert mean.median == pytest.approx((1.6 * 100) ** 0.5)
    assert mean.is_within
    results.append(make_result(fit=100.0, **{OURS: 120.0}))
    assert not {verdict.name: verdict for verdict in judge(results)}["training against fit, slowest model"].is_within


def test_a_run_is_timed_from_the_first_epoch_after_its_plan_was_settled():
    ends = [(10, 1.0), (20, 9.0), (30, 11.0), (50, 15.0)]
    plan = {"time": "1970-01-01T00:00:10+00:00", "mode": "graph", "data": "device"}
    assert measure_rate(ends, [plan]) == pytest.approx(20 / 4)
    assert measure_rate(ends, []) == pytest.approx(40 / 14)


def test_a_plan_that_is_told_again_at_the_end_was_settled_on_when_it_was_told_first():
    times = ["2026-01-01T00:00:01Z", "2026-01-01T00:00:05Z", "2026-01-01T00:00:09Z"]
    modes = ["xla", "graph", "graph"]
    plans = [{"mode": mode, "data": "device", "time": time} for mode, time in zip(modes, times, strict=True)]
    assert find_settled(plans) == read_time(plans[1])
