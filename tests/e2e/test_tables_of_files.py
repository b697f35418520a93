"""Tables that come in several packed files with a column of dates, from the page."""

import gzip
import re

import httpx
from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.conftest import Server
from tests.e2e.test_own_data import choose_files, expect_look, prepare, section


def make_month(month: int, delimiter: str = ",") -> FilePayload:
    rows = [f"{day:02}.{month:02}.2024{delimiter}{10 + day / 4}{delimiter}{day * month}" for day in range(1, 29)]
    text = "\n".join([delimiter.join(["day", "temperature", "visitors"]), *rows])
    return {"name": f"2024-{month:02}.csv.gz", "mimeType": "application/gzip", "buffer": gzip.compress(text.encode())}


def test_packed_files_with_dates_are_one_table_whose_dates_become_what_is_chosen(page: Page, server: Server) -> None:
    page.goto("/data/new")
    choose_files(page, make_month(1), make_month(2))
    expect_look(page, "56 samples")
    fields = page.get_by_role("table", name="Fields")
    expect(fields).to_contain_text("2024-01-01 to 2024-02-28")
    dates = section(page, "Dates")
    expect(dates.get_by_label("day is written as")).to_have_value("%d.%m.%Y")
    for part in ("Seconds", "Year", "Day of week"):
        dates.get_by_role("button", name=f"Remove {part}").or_(
            dates.locator(".mantine-Pill-root").filter(has_text=re.compile(f"^{part}$")).locator("button")
        ).click()
        expect(dates.locator(".mantine-Pill-root").filter(has_text=re.compile(f"^{part}$"))).to_have_count(0)
    prepare(page, "visitors")
    manifest = httpx.get(f"{server.url}/api/datasets/visitors/manifest").json()
    assert manifest["definition"]["options"]["columns"]["day"]["parts"] == ["month", "day"]
    assert [(one["name"], one["shape"]) for one in manifest["inputs"]] == [("features", [3])]
    assert manifest["samples"] == 56


def test_a_file_that_is_divided_otherwise_is_named_and_can_be_left_out(page: Page) -> None:
    page.goto("/data/new")
    choose_files(page, make_month(1), make_month(2, ";"))
    reading = section(page, "How to read them")
    expect(reading.get_by_role("alert")).to_contain_text(
        "2024-02.csv.gz: expected cells divided by ',' as in 2024-01.csv.gz, received cells divided by ';'",
        timeout=120_000,
    )
    files = reading.get_by_label("Files", exact=True)
    files.fill("*-01.csv.gz")
    files.press("Enter")
    files.press("Tab")
    expect(reading).to_contain_text("28 samples")
    expect(reading.get_by_role("alert")).to_have_count(0)
