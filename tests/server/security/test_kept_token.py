"""The token that a server makes for itself."""

import stat

from server.security.kept_token import keep_token


def test_the_first_start_makes_a_token_that_only_its_owner_can_read(tmp_path):
    token = keep_token(tmp_path).get_secret_value()
    assert len(token) >= 32
    assert (tmp_path / "token").read_text() == f"{token}\n"
    assert stat.S_IMODE((tmp_path / "token").stat().st_mode) == 0o600


def test_every_later_start_finds_the_same_one(tmp_path):
    assert keep_token(tmp_path) == keep_token(tmp_path)


def test_two_data_folders_have_different_tokens(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert keep_token(tmp_path / "a") != keep_token(tmp_path / "b")


def test_a_start_that_was_cut_off_while_writing_is_made_good(tmp_path):
    (tmp_path / "token.new").write_text("half a tok")
    assert keep_token(tmp_path).get_secret_value() != "half a tok"
    assert not (tmp_path / "token.new").exists()
