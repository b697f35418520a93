"""The architectures of keras.applications go in and out: by default one of every family.

`APPLICATIONS=ResNet50,VGG16` chooses others. `make test-applications` (`APPLICATIONS=all`) runs all of them, which
takes minutes and some gigabytes of memory.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from engine.graph.document import Graph
from engine.layers.scope import open_symbolic_scope
from engine.models.builder import build_model
from engine.models.export import export_model
from engine.models.importing.applications import import_application, list_applications
from engine.models.obstacles import list_obstacles
from tests.engine.models import filled_weights
from tests.engine.models.filled_weights import describe

ONE_OF_EACH_FAMILY = (
    "ConvNeXtTiny", "DenseNet121", "EfficientNetB0", "EfficientNetV2B0", "InceptionResNetV2", "InceptionV3",
    "MobileNet", "MobileNetV2", "MobileNetV3Small", "NASNetMobile", "ResNet50", "ResNet50V2", "VGG16", "VGG19",
    "Xception",
)  # fmt: skip
NAMED = os.environ.get("APPLICATIONS")
CHOSEN = tuple(list_applications() if NAMED == "all" else NAMED.split(",") if NAMED else ONE_OF_EACH_FAMILY)
SIZES = (32, 48, 64, 71, 75, 96, 128, 224, 331)
FEW_CLASSES = 10
TOLERANCE = 1e-5


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A folder for the exported files, and what is known of each architecture by name."""
    return tmp_path_factory.mktemp("exported"), {}


def find_arguments(name):
    """The smallest pictures that the architecture takes, and few classes, whose outputs no softmax levels."""
    function = list_applications()[name]
    for size in SIZES:
        arguments = {"input_shape": [size, size, 3], "classes": FEW_CLASSES, "classifier_activation": None}
        try:
            with open_symbolic_scope():
                function(weights=None, **{**arguments, "input_shape": (size, size, 3)})
        except ValueError:
            continue
        return arguments
    raise AssertionError(f"{name} takes none of the sizes {SIZES}")


def test_one_of_each_family_is_among_those_that_are_always_tested():
    families = {value.__module__ for value in list_applications().values()}
    assert {list_applications()[name].__module__ for name in ONE_OF_EACH_FAMILY} == families


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", CHOSEN)
def test_an_architecture_comes_back_from_its_document(name, exported):
    folder, known = exported
    arguments = find_arguments(name)
    result = import_application(name, arguments)
    assert result.report == []
    graph = Graph.model_validate_json(result.graph.model_dump_json())

    shape = tuple(arguments["input_shape"])
    reference = list_applications()[name](weights=None, **{**arguments, "input_shape": shape})
    expected = describe(reference)
    weights = reference.get_weights()
    del reference
    built = build_model(graph)
    built.set_weights(weights)
    found = describe(built, filled=True)

    assert (found["layers"], found["parameters"]) == (expected["layers"], expected["parameters"])
    assert_close(found, expected)
    (folder / f"{name}.py").write_bytes(export_model(graph, "python", name).content)
    built.save(folder / f"{name}.keras")
    if not list_obstacles(graph, "h5"):
        built.save(folder / f"{name}.h5")
    known[name] = expected
    keras.backend.clear_session()


@pytest.mark.timeout(1800)
def test_exported_python_and_keras_files_work_without_layerloom(exported):
    folder, known = exported
    assert sorted(known) == sorted(CHOSEN)
    environment = {**os.environ, "PYTHONPATH": "", "TF_CPP_MIN_LOG_LEVEL": "3"}
    script = Path(filled_weights.__file__)
    finished = subprocess.run(
        [sys.executable, "-I", str(script), str(folder)], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert finished.returncode == 0, finished.stderr[-3000:]
    for name, expected in known.items():
        kinds = [path.suffix for path in folder.glob(f"{name}.*") if path.suffix != ".json"]
        assert {".py", ".keras"} <= set(kinds)
        for kind in kinds:
            found = json.loads((folder / f"{name}{kind}.json").read_text())
            assert (found["layers"], found["parameters"]) == (expected["layers"], expected["parameters"]), (name, kind)
            assert_close(found, expected)


def assert_close(found, expected):
    np.testing.assert_allclose(found["outputs"], expected["outputs"], rtol=TOLERANCE, atol=TOLERANCE)
