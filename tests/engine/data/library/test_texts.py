"""Folders and zips of texts: what becomes of them is what Keras reads, and whatever is no text is named."""

import zipfile
from pathlib import Path

import keras
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data import datasets
from engine.data.library import library
from engine.data.library import make as making
from engine.data.library.array_folder import TEST, TRAINING, ArrayFolder
from engine.data.library.folders import zip_container
from engine.data.library.kinds import GivenFile
from engine.data.library.make import Naming, inspect
from engine.data.library.manifest import ArrayPlan, Definition
from engine.data.library.texts import reading
from engine.data.library.texts.kind import KIND
from engine.errors import IssuesError
from tests.engine.data.library.image_files import paint, write_folder, write_zip

REVIEWS = {
    f"{label}/{number}.txt": f"{word} number {number}, {word}!".encode()
    for label, word in (("neg", "dull"), ("pos", "brilliant"))
    for number in range(6)
}


def in_parts(*parts):
    return {f"data/{part}/{name}": f"{part} ".encode() + text for part in parts for name, text in REVIEWS.items()}


def make(file, folder, **options):
    """Looks at a folder or zip and prepares it; answers what is known and the samples of both parts."""
    definition = KIND.inspect([file], Definition(kind="texts", options=options)).definition
    arrays = ArrayFolder(folder, definition.array_names)
    prepared = KIND.prepare([file], definition, arrays, lambda _: None)
    parts = [TRAINING] + [TEST] * (prepared.test_samples > 0)
    return prepared, [
        list(
            zip(arrays.map_texts(part)["text"].read(0, 10**6).tolist(), arrays.map(part)["label"].tolist(), strict=True)
        )
        for part in parts
    ]


def refuse(file, **options):
    """The first issue of what is said, at the first look or when the data set is made."""
    with pytest.raises(IssuesError) as caught:
        make(file, Path(file.path.parent) / "set", **options)
    return caught.value.issues[0]


@pytest.fixture
def folder(tmp_path):
    return lambda files: write_folder(tmp_path / "texts", files)


def test_a_folder_of_texts_holds_what_keras_reads_from_it(folder, tmp_path):
    file = folder(REVIEWS)
    prepared, (samples,) = make(file, tmp_path / "set")
    keras_reads = keras.utils.text_dataset_from_directory(file.path, batch_size=None, verbose=False)
    expected = {(text.numpy().decode(), int(label)) for text, label in keras_reads}
    assert set(samples) == expected
    assert len(samples) == 12
    assert prepared.targets[0].class_names == keras_reads.class_names == ["neg", "pos"]
    assert prepared.task == "binary_classification"
    assert prepared.inputs[0].model_dump(include={"name", "shape", "dtype"}) == {
        "name": "text", "shape": [], "dtype": "string",
    }  # fmt: skip


def test_samples_are_shuffled_by_the_seed(folder, tmp_path):
    file = folder(REVIEWS)
    one, same, other = (make(file, tmp_path / str(number), seed=seed)[1] for number, seed in enumerate((0, 0, 1)))
    assert one == same != other
    assert len({label for _, label in one[0][:6]}) == 2


def test_a_zip_is_taken_for_texts_and_one_with_images_is_not(tmp_path):
    zipped = write_zip(tmp_path / "reviews.zip", REVIEWS)
    assert inspect([zipped]).definition.kind == "texts"
    mixed = write_zip(tmp_path / "mixed.zip", {**REVIEWS, "pos/1.png": paint(), "neg/2.png": paint(1)})
    assert inspect([mixed]).definition.kind == "images"


def test_train_and_test_folders_are_parts_whatever_lies_beside_them(tmp_path):
    files = in_parts("train", "test") | {"data/README.txt": b"read me", "data/train/urls_pos.txt": b"http"}
    prepared, (training, test) = make(write_zip(tmp_path / "a.zip", files), tmp_path / "set")
    assert {text.split()[0] for text, _ in training} == {"train"}
    assert {text.split()[0] for text, _ in test} == {"test"}
    assert (prepared.samples, prepared.test_samples) == (12, 12)
    assert {note.code for note in prepared.notes} == {"no_texts", "outside_classes"}


def test_texts_of_a_validation_folder_come_last_where_there_is_a_test(tmp_path):
    file = write_zip(tmp_path / "a.zip", in_parts("train", "val", "test"))
    prepared, (training, _) = make(file, tmp_path / "set")
    assert [text.split()[0] for text, _ in training] == ["train"] * 12 + ["val"] * 12
    note = next(note for note in prepared.notes if note.code == "validation_at_end")
    assert note.hint == "A validation_split of 0.5 takes just them."


def test_a_look_shows_texts_with_their_classes_and_lengths(folder):
    inspection = KIND.inspect([folder(REVIEWS | {"pos/long.txt": b"word " * 500})], None)
    assert inspection.samples == 13
    assert inspection.rows[0] == {"file": "neg/0.txt", "text": "dull number 0, dull!", "label": "neg"}
    assert max(len(str(row["text"])) for row in inspection.rows) == 300
    text, label = inspection.fields
    assert (text.kind, text.minimum, text.maximum, text.unique) == ("text", 20, 2_500, 13)
    assert label.class_counts == [6, 7]


@pytest.mark.parametrize(
    ("encoding", "options"),
    [
        ("utf-8", {}),
        ("utf-8-sig", {}),
        ("utf-16", {}),
        ("cp1252", {"other_encoding": "cp1252"}),
        ("utf-16-le", {"encoding": "utf-16-le"}),
        ("gb18030", {"encoding": "gb18030"}),
    ],
)
def test_a_text_is_read_in_its_encoding(folder, tmp_path, encoding, options):
    text = "Ein schöner Film – wirklich schön"
    extra = {name: text.encode(encoding) for name in ("pos/x.txt", "neg/y.txt")}
    files = extra if "encoding" in options else REVIEWS | extra
    _, (samples,) = make(folder(files), tmp_path / "set", **options)
    assert {label for found, label in samples if found == text} == {0, 1}


def test_the_encoding_of_what_is_not_utf_8_is_guessed_and_said(folder, tmp_path):
    text = "Über den Film läßt sich nur Gutes sagen: schöne Bilder, große Gefühle. " * 20
    file = folder(REVIEWS | {"pos/alt.txt": text.encode("cp1252")})
    inspection = KIND.inspect([file], None)
    assert inspection.definition.options["other_encoding"] is not None
    assert next(issue for issue in inspection.issues if issue.code == "other_encoding").message.endswith(
        "'pos/alt.txt'."
    )
    prepared, (samples,) = make(file, tmp_path / "set")
    assert (text, 1) in samples
    assert {note.code for note in prepared.notes} == {"other_encoding"}


def test_a_wrong_encoding_is_named_with_file_and_byte(folder):
    issue = refuse(folder(REVIEWS | {"pos/alt.txt": b"sch\xf6n"}), encoding="utf-8")
    assert issue.code == "wrong_encoding"
    assert issue.message == "'pos/alt.txt', byte 3: expected text in utf-8, received f6."


def test_a_nul_byte_is_named_with_file_and_byte(folder):
    assert refuse(folder({"neg/a.txt": b"fine", "pos/b.txt": b"no\0t"})).message.startswith(
        "'pos/b.txt', byte 2: expected"
    )


def test_files_that_are_no_texts_are_left_out_and_counted_where_that_is_wished(folder, tmp_path):
    file = folder(REVIEWS | {"pos/a.txt": b"\0", "pos/b.txt": b"a\0", "neg/empty.txt": b" \n"})
    prepared, (samples,) = make(file, tmp_path / "set", broken="skip")
    assert len(samples) == 12
    assert {note.code for note in prepared.notes} == {"skipped_texts", "empty_texts"}
    assert prepared.fields[0].missing == 3


def test_a_class_of_which_every_file_is_empty_is_refused(folder):
    issue = refuse(folder({"neg/a.txt": b"dull", "pos/b.txt": b"", "pos/c.txt": b" "}))
    assert issue.message == "None of the training files of 'pos' has a text; expected some of each class."


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"a.txt": b"a", "b.txt": b"b"}, "no_class_folders"),
        ({"pos/a.txt": b"a"}, "one_class"),
        ({"pos/a.md": b"a"}, "no_text_found"),
        ({f"test/{name}": text for name, text in REVIEWS.items()}, "no_training_texts"),
        (in_parts("train") | {"data/test/odd/1.txt": b"x"}, "unknown_class"),
    ],
)
def test_a_folder_from_which_nothing_can_be_learned_is_refused(folder, files, code):
    assert refuse(folder(files)).code == code


def test_copies_contradictions_and_leaks_are_noted(tmp_path):
    files = in_parts("train", "test") | {
        "data/train/neg/copy.txt": b"train dull number 0, dull!",
        "data/train/pos/odd.txt": b"train dull number 1, dull!",
        "data/test/neg/leak.txt": b"train dull number 2, dull!",
    }
    prepared, _ = make(write_zip(tmp_path / "a.zip", files), tmp_path / "set")
    assert {note.code for note in prepared.notes} == {"repeated_texts", "contradicting_labels", "leak_between_parts"}


def test_a_text_that_is_too_large_is_refused_by_name(folder, monkeypatch):
    monkeypatch.setattr(reading, "MAX_TEXT_FILE_BYTES", 1_000)
    issue = refuse(folder(REVIEWS | {"pos/long.txt": b"x" * 1_001}))
    assert (issue.code, "'pos/long.txt'" in issue.message) == ("file_too_large", True)


@pytest.mark.parametrize("name", ["../outside.txt", "/etc/outside.txt", "pos/../../outside.txt"])
def test_a_zip_whose_paths_lead_out_of_it_is_refused(tmp_path, name):
    assert refuse(write_zip(tmp_path / "a.zip", REVIEWS | {name: b"x"})).code == "unsafe_path"


def test_a_zip_with_a_link_is_refused(tmp_path):
    file = write_zip(tmp_path / "a.zip", REVIEWS)
    with zipfile.ZipFile(file.path, "a") as archive:
        link = zipfile.ZipInfo("pos/link.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert refuse(file).code == "not_a_file"


def test_a_zip_that_claims_to_be_very_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(zip_container, "RATIO_FROM_BYTES", 1_000_000)
    bomb = {"pos/a.txt": b" " * 2_000_000, "neg/b.txt": b" " * 2_000_000}
    assert refuse(write_zip(tmp_path / "a.zip", bomb, zipfile.ZIP_DEFLATED)).code == "zip_bomb"


def test_several_files_are_refused(tmp_path):
    files = [write_zip(tmp_path / name, REVIEWS) for name in ("a.zip", "b.zip")]
    with pytest.raises(IssuesError, match=r"Expected one zip or folder of texts; received 'a\.zip', 'b\.zip'"):
        KIND.inspect(files, Definition(kind="texts"))


def test_a_text_as_target_is_refused_at_its_place(folder):
    plans = {"inputs": [ArrayPlan(name="label", fields=["label"])], "targets": [ArrayPlan(name="y", fields=["text"])]}
    with pytest.raises(IssuesError) as caught:
        KIND.inspect([folder(REVIEWS)], Definition(kind="texts", **plans))
    assert caught.value.issues[0].argument == "targets.0.fields"


def test_an_encoding_that_is_none_is_refused_at_its_place(folder):
    issue = refuse(folder(REVIEWS), encoding="rot13")
    assert (issue.code, issue.argument) == ("invalid_option", "options.encoding")


def test_a_data_set_of_texts_is_there_by_its_name(folder, tmp_path):
    library.use_library(tmp_path / "sets")
    try:
        (tmp_path / "sets" / "films").mkdir(parents=True)
        naming = Naming("films", "Films", "", [])
        definition = Definition(kind="texts")
        making.make(
            [folder(in_parts("train", "test"))], definition, tmp_path / "sets" / "films", naming, lambda _: None
        )
        dataset = datasets.load_dataset("films")
        assert dataset.inputs["text"].dtype == object
        test = datasets.find_source("films").read_test({})
        assert test is not None
        assert test.inputs["text"].shape == (12,)
    finally:
        library.use_library(None)


@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1))
def test_any_text_in_utf_8_is_read_as_it_is(text):
    assert reading.decode(text.encode(), "a.txt", "utf-8") == text.removeprefix("\ufeff")


@given(data=st.binary(max_size=200), encoding=st.sampled_from(["utf-8", "utf-16", "cp1252", "gb18030", "shift_jis"]))
def test_bytes_that_are_no_text_are_refused_by_name(data, encoding):
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        with pytest.raises(IssuesError, match=r"'a\.txt'"):
            reading.decode(data, "a.txt", encoding)


def test_a_file_that_is_gone_is_said(tmp_path):
    with pytest.raises(IssuesError, match="not there any more"):
        inspect([GivenFile("texts.zip", tmp_path / "texts.zip")])
