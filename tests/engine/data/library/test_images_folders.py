"""Which class and part each image belongs to, and the arrays that come of it."""

import base64
import io
import os
import unicodedata
from pathlib import Path

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pydantic import JsonValue

from engine.data.library.array_folder import ArrayFolder
from engine.data.library.folders.containers import open_container
from engine.data.library.folders.layout import PART_FOLDERS
from engine.data.library.folders.members import SYSTEM_NAMES
from engine.data.library.folders.parts import find_split
from engine.data.library.images import looking, showing
from engine.data.library.images.kind import KIND
from engine.data.library.kinds import GivenFile
from engine.data.library.manifest import ArrayPlan, Definition
from engine.errors import IssuesError
from tests.engine.data.library.image_files import encode, make, paint, paint_classes, refuse, write_folder, write_zip

SHARED = Path(__file__).parents[5] / "shared" / "data"
CATS_DOGS = SHARED / "cats_dogs"


@pytest.fixture(params=["zip", "folder"])
def write(request, tmp_path):
    if request.param == "zip":
        return lambda files: [write_zip(tmp_path / "pictures.zip", files)]
    return lambda files: [write_folder(tmp_path / "pictures", files)]


def read_picture(url: JsonValue) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(str(url).removeprefix("data:image/png;base64,"))))


def test_folders_are_classes_in_the_order_of_their_names(write, tmp_path):
    pictures = paint_classes("dogs", "cats", "ünknown")

    made = make(write(pictures), tmp_path / "set")

    assert made.prepared.task == "classification"
    assert made.prepared.targets[0].class_names == ["cats", "dogs", "ünknown"]
    assert made.training["image"].shape == (9, 10, 12, 3)
    assert made.training["image"].dtype == np.uint8
    assert made.training["label"].tolist().count(1) == 3
    assert made.shares[-1] == 1
    assert made.shares == sorted(made.shares)
    assert not made.prepared.notes


def test_every_image_keeps_its_label_when_they_are_shuffled(write, tmp_path):
    pictures = paint_classes("a", "b", count=20)
    pixels = {
        np.asarray(Image.open(io.BytesIO(data))).tobytes(): "ab".index(name[0]) for name, data in pictures.items()
    }

    made = make(write(pictures), tmp_path / "set")
    again = make(write(pictures), tmp_path / "again")
    other = make(write(pictures), tmp_path / "other", seed=1)

    assert [pixels[image.tobytes()] for image in made.training["image"]] == made.training["label"].tolist()
    assert made.training["label"].tolist() != sorted(made.training["label"])
    np.testing.assert_array_equal(made.training["image"], again.training["image"])
    assert made.training["image"].tobytes() != other.training["image"].tobytes()


def test_two_classes_are_binary_and_folders_above_and_below_are_passed_over(write, tmp_path):
    pictures = {
        f"my pictures/{name}": data for name, data in paint_classes("cats/siamese", "cats", "dogs/deep/er").items()
    }

    made = make(write(pictures), tmp_path / "set")

    assert made.prepared.task == "binary_classification"
    assert made.prepared.targets[0].class_names == ["cats", "dogs"]
    assert made.prepared.fields[1].class_counts == [6, 3]


def test_folders_for_training_and_test_are_understood(write, tmp_path):
    pictures = paint_classes("data/Train/a", "data/Train/b", "data/test/a", "data/test/b")

    made = make(write(pictures), tmp_path / "set")

    assert (made.prepared.samples, made.prepared.test_samples) == (6, 6)
    assert sorted(made.test["label"]) == [0, 0, 0, 1, 1, 1]


def test_images_for_validation_are_where_validation_split_takes_them_from(write, tmp_path):
    pictures = paint_classes("train/a", "train/b", "test/a", "test/b", count=7)
    validation = paint_classes("val/a", "val/b", count=2, size=(4, 4))

    made = make(write(pictures | validation), tmp_path / "set", image_size=[4, 4])

    note = next(note for note in made.prepared.notes if note.code == "validation_at_end")
    split = float((note.hint or "").split()[3])
    assert 18 - int(18 * (1 - split)) == 4
    expected = {np.asarray(Image.open(io.BytesIO(data))).tobytes() for data in validation.values()}
    assert {image.tobytes() for image in made.training["image"][-4:]} == expected
    assert made.prepared.test_samples == 14


def test_without_a_test_folder_validation_is_the_test_part(write, tmp_path):
    made = make(write(paint_classes("train/a", "train/b", "val/a", "val/b")), tmp_path / "set")

    assert made.inspection.definition.options["validation_folder"] == "test"
    assert (made.prepared.samples, made.prepared.test_samples, made.codes) == (6, 6, {"validation_in_test"})


def test_validation_can_be_left_out(write, tmp_path):
    pictures = paint_classes("train/a", "train/b", "val/a", "val/b")

    made = make(write(pictures), tmp_path / "set", validation_folder="leave_out")

    assert (made.prepared.samples, made.prepared.test_samples, made.inspection.samples) == (6, 0, 6)


@given(st.integers(2, 100_000).flatmap(lambda samples: st.tuples(st.just(samples), st.integers(1, samples - 1))))
@settings(deadline=None)
def test_the_split_that_is_told_takes_just_the_validation_images(numbers):
    samples, validation = numbers
    split = find_split(samples, validation)

    assert int(np.floor(samples * (1.0 - split))) == samples - validation
    assert 0 < split < 1


def test_what_was_found_is_proposed_and_shown(write):
    pictures = paint_classes("a", "b", size=(448, 300), mode="L")

    inspection = KIND.inspect(write(pictures), None)

    assert inspection.definition.options["image_size"] == [150, 224]
    assert inspection.definition.options["color_mode"] == "grayscale"
    assert (inspection.samples, inspection.fields[0].shape) == (6, [300, 448, 1])
    assert inspection.fields[1].class_counts == [3, 3]
    picture = inspection.rows[0].pop("picture")
    assert inspection.rows[0] == {"file": "a/0.png", "width": 448, "height": 300, "label": "a"}
    assert read_picture(picture).size == (128, 86)
    assert "image_size" in inspection.choices["properties"]  # type: ignore[operator]
    again = KIND.inspect(write(pictures), inspection.definition)
    assert again.definition == inspection.definition


def test_pictures_are_shown_as_the_model_will_see_them(write):
    pictures = {f"{name}/0.png": encode(Image.new("RGB", (30, 20), "red")) for name in "ab"}
    padded = Definition(kind="images", options={"image_size": [40, 40], "resize": "pad"})

    (shown, _) = KIND.inspect(write(pictures), padded).rows

    picture = read_picture(shown["picture"])
    assert picture.size == (40, 40)
    assert [picture.getpixel((20, row)) for row in (0, 20)] == [(0, 0, 0), (255, 0, 0)]


def test_an_image_cut_off_in_its_pixels_is_told_at_the_first_look(write):
    pictures = paint_classes("a", "b") | {"b/cut.png": paint(9, size=(90, 90))[:2000]}

    inspection = KIND.inspect(write(pictures), None)

    assert "b/cut.png" not in [row["file"] for row in inspection.rows]
    (fault,) = [issue for issue in inspection.issues if issue.severity == "error"]
    assert "b/cut.png" in fault.message


def test_of_images_that_are_too_large_to_be_drawn_soon_the_names_are_shown(write, monkeypatch):
    monkeypatch.setattr(showing, "MAX_PIXELS", 250)

    rows = KIND.inspect(write(paint_classes("a", "b", size=(10, 10))), None).rows

    assert ["picture" in row for row in rows] == [True, True, False, False, False, False]


def test_arrays_may_have_other_names_and_images_may_be_targets(write, tmp_path):
    picture = ArrayPlan(name="picture", fields=["image"])
    definition = Definition(kind="images", inputs=[picture], targets=[ArrayPlan(name="same", fields=["image"])])

    made = make(write(paint_classes("a", "b")), tmp_path / "set", definition)

    assert made.prepared.task == "regression"
    np.testing.assert_array_equal(made.training["picture"], made.training["same"])


def test_an_array_of_a_field_that_is_not_there_is_refused(write):
    plans = [ArrayPlan(name="x", fields=["picture"])]

    with pytest.raises(IssuesError) as caught:
        KIND.inspect(write(paint_classes("a", "b")), Definition(kind="images", inputs=plans))

    assert caught.value.issues[0].argument == "definition.inputs.0.fields"


@pytest.mark.parametrize(
    ("files", "code", "said"),
    [
        ({}, "no_image_found", "no files at all"),
        ({"a/notes.txt": b"x"}, "no_image_found", "'a/notes.txt'"),
        (paint_classes("cats"), "one_class", "'cats'"),
        ({"1.png": paint(), "2.png": paint(1)}, "no_class_folders", "a folder for each class"),
        (paint_classes("test/a", "test/b"), "no_training_images", "for test"),
        (paint_classes("train/a", "train/b", "test/c"), "unknown_class", "'c'"),
    ],
)
def test_folders_from_which_nothing_can_be_learned_are_refused(write, files, code, said):
    error = refuse(write(files or {"a/": b""}))

    assert error.code == code
    assert said in error.message


def test_empty_folders_strays_and_other_files_are_told(write, tmp_path):
    others = {
        "empty/": b"",
        "only text/a.txt": b"x",
        "stray.png": paint(50),
        "__MACOSX/a/._0.png": b"x",
        "a/.DS_Store": b"x",
    }

    made = make(write(paint_classes("a", "b") | others), tmp_path / "set")

    assert made.prepared.targets[0].class_names == ["a", "b"]
    notes = {note.code: note.message for note in made.prepared.notes}
    assert notes.keys() == {"empty_class", "outside_classes", "hidden_files", "no_images"}
    assert "'empty', 'only text'" in notes["empty_class"]
    assert all(note.severity == "warning" for note in made.prepared.notes)


def test_the_same_image_in_training_and_test_or_in_two_classes_is_noticed(write, tmp_path):
    pictures = paint_classes("train/a", "train/b", "test/a", "test/b")
    pictures["test/a/0.png"] = pictures["train/a/0.png"]
    pictures["train/b/1.png"] = pictures["train/a/1.png"]
    pictures["train/a/again.png"] = pictures["train/a/2.png"]

    made = make(write(pictures), tmp_path / "set")

    assert made.codes == {"leak_between_parts", "contradicting_labels", "repeated_images"}
    leak = next(note for note in made.prepared.notes if note.code == "leak_between_parts")
    assert "'test/a/0.png = train/a/0.png'" in leak.message


def test_much_room_that_is_needed_is_told(write, monkeypatch):
    monkeypatch.setattr(looking, "LARGE_BYTES", 20_000_000)

    inspection = KIND.inspect(
        write(paint_classes("a", "b")), Definition(kind="images", options={"image_size": [2048, 2048]})
    )

    assert [issue.code for issue in inspection.issues] == ["large_arrays"]


def test_a_wrong_option_is_named(write):
    error = refuse(write(paint_classes("a", "b")), image_size=[0, 5], colour="red")

    assert {issue.argument for issue in error.issues} == {
        "options.image_size.0",
        "options.colour",
    }


def test_links_in_a_folder_are_passed_over(tmp_path):
    file = write_folder(tmp_path / "pictures", paint_classes("a", "b"))
    secret = tmp_path / "secret.png"
    secret.write_bytes(paint(99))
    (file.path / "a" / "link.png").symlink_to(secret)
    (file.path / "c").symlink_to(tmp_path)
    (file.path / "loop").symlink_to(file.path)
    os.mkfifo(file.path / "a" / "pipe.png")

    made = make([file], tmp_path / "set")

    assert (made.prepared.samples, made.codes) == (6, {"links"})


def test_a_file_that_becomes_a_link_meanwhile_is_not_read(tmp_path):
    file = write_folder(tmp_path / "pictures", paint_classes("a", "b"))
    inspection = KIND.inspect([file], None)
    with open_container(file) as container:
        member = container.listing.members[0]
        (file.path / member.key).unlink()
        (file.path / member.key).symlink_to("/etc/hostname")
        with pytest.raises(IssuesError) as caught:
            container.read(member)

    assert inspection.samples == 6
    assert caught.value.code == "broken_file"


def test_work_that_is_not_wanted_any_more_ends(write, tmp_path):
    class CancelledError(Exception):
        """Nobody waits any more."""

    def cancel(share: float) -> None:
        if share > 0.5:
            raise CancelledError

    files = write(paint_classes("a", "b", count=10))
    with pytest.raises(CancelledError):
        KIND.prepare(files, Definition(kind="images"), ArrayFolder(tmp_path / "set", ["image", "label"]), cancel)


@pytest.mark.skipif(not CATS_DOGS.is_dir(), reason="the photos are not on this machine")
def test_real_photos_come_out_as_keras_reads_them(tmp_path):
    files = {
        f"{part}/{kind}/{path.name}": path.read_bytes()
        for part in ("train", "validation", "test")
        for kind in ("cats", "dogs")
        for path in sorted((CATS_DOGS / part / kind).iterdir())[:4]
    }
    folder = write_folder(tmp_path / "photos", files)

    made = make([folder], tmp_path / "set", image_size=[64, 48], resize="crop")

    assert (made.prepared.samples, made.prepared.test_samples) == (16, 8)
    assert made.prepared.targets[0].class_names == ["cats", "dogs"]
    expected = {
        np.asarray(
            keras.utils.load_img(
                folder.path / name, target_size=(64, 48), interpolation="bilinear", keep_aspect_ratio=True
            )
        ).tobytes(): ("cats" in name, name.startswith("validation"))
        for name in files
        if not name.startswith("test")
    }
    found = [expected[image.tobytes()] for image in made.training["image"]]
    assert [not cat for cat, _ in found] == made.training["label"].astype(bool).tolist()
    assert [is_validation for _, is_validation in found] == [False] * 8 + [True] * 8


def test_only_folders_and_zips_of_images_are_of_this_kind(tmp_path):
    zipped = write_zip(tmp_path / "a.zip", paint_classes("a", "b"))
    unnamed = GivenFile("upload", zipped.path)
    arrays = tmp_path / "arrays.npz"
    np.savez(arrays, x=np.zeros(3))
    table = tmp_path / "labels.csv"
    table.write_text("file,label\n")
    csv = GivenFile("labels.csv", table)

    folder = tmp_path / "folder"
    folder.mkdir()

    assert [KIND.takes(files) for files in ([zipped], [unnamed], [zipped, csv], [GivenFile("dir", folder)])] == [
        True
    ] * 4
    assert not KIND.takes([GivenFile("tables", tmp_path)])
    assert not KIND.takes([GivenFile("arrays.npz", arrays)])
    assert not KIND.takes([GivenFile("arrays.zip", arrays)])
    assert not KIND.takes([csv])
    assert not KIND.takes([zipped, unnamed])
    assert not KIND.takes([])
    assert refuse([zipped, unnamed]).code == "several_files"


def test_the_size_of_an_image_is_seen_after_it_is_turned_upright(write):
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = encode(Image.new("RGB", (30, 20)), "JPEG", exif=exif)

    inspection = KIND.inspect(write({"a/1.jpg": turned, "b/1.jpg": turned}), None)

    assert inspection.definition.options["image_size"] == [30, 20]
    assert inspection.rows[0]["height"] == 30


NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=["C"], exclude_characters="/\\:"), min_size=1, max_size=8
).filter(lambda name: not name.startswith(".") and name.lower() not in PART_FOLDERS and name not in SYSTEM_NAMES)


@given(
    st.dictionaries(
        NAMES.map(lambda name: unicodedata.normalize("NFC", name)), st.integers(1, 3), min_size=2, max_size=4
    ),
    st.sampled_from(["", "above/"]),
)
@settings(deadline=None, max_examples=60)
def test_whatever_classes_are_called_their_images_are_found(tmp_path_factory, classes, above):
    pictures = {
        f"{above}{name}/{number}.png": paint(7 * place + number)
        for place, (name, count) in enumerate(classes.items())
        for number in range(count)
    }
    expected = [[name, classes[name]] for name in sorted(classes)]

    label = KIND.inspect([write_zip(tmp_path_factory.mktemp("zip") / "a.zip", pictures)], None).fields[1]

    assert [list(pair) for pair in zip(label.classes, label.class_counts, strict=True)] == expected
