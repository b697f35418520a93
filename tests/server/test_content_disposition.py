"""Names of downloads."""

import re
from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from server.content_disposition import format_attachment


def test_a_plain_name_stays_as_it_is():
    assert format_attachment("digits.keras") == "attachment; filename=\"digits.keras\"; filename*=UTF-8''digits.keras"


def test_a_name_of_another_alphabet_goes_out_in_full():
    assert format_attachment("数字.h5") == "attachment; filename=\"__.h5\"; filename*=UTF-8''%E6%95%B0%E5%AD%97.h5"


@given(st.text(st.characters(exclude_categories=[])))
def test_no_name_ends_the_header_or_names_a_folder(name: str):
    header = format_attachment(name)
    match = re.fullmatch(r"attachment; filename=\"([^\"\\]+)\"; filename\*=UTF-8''([!-~]+)", header)
    assert match is not None
    plain, extended = match.groups()
    assert header.isascii()
    assert header.isprintable()
    for shown in (plain, unquote(extended)):
        assert not set(shown) & set('/\\:"\r\n')
        assert shown not in {".", ".."}
