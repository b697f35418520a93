"""The exported Python of every template, run by a fresh process that has no Layerloom: it loads its data and trains."""

import subprocess
import sys
from pathlib import Path

import pytest

from engine.models.export import export_model
from engine.models.templates import ORDER, list_templates
from engine.training.config import RunConfig
from engine.training.exported_data import make_data_finder

SHARED = Path(__file__).parents[4] / "shared" / "data"

RUN_EXPORTED = """
import io, runpy, sys, warnings
from contextlib import redirect_stdout
from pathlib import Path

import keras
import numpy as np

folder = Path(sys.argv[1])


def load_photos():
    with np.load(folder / "cifar10_subset.npz") as photos:
        return (photos["x_train"], photos["y_train"]), None


keras.datasets.cifar10.load_data = load_photos
warnings.simplefilter("error")
warnings.filterwarnings("ignore", "__array__ implementation", DeprecationWarning)
for name in sys.argv[2:]:
    file = folder / f"{name}.py"
    with redirect_stdout(io.StringIO()) as said:
        scope = runpy.run_path(str(file), run_name="__main__")
    history = scope["history"].history
    assert all(np.isfinite(values).all() for values in history.values()), file
    file.with_suffix(".metrics").write_text(" ".join(history))
    file.with_suffix(".said").write_text(said.getvalue())
    keras.backend.clear_session()
assert not {"engine", "server", "pydantic"} & set(sys.modules)
"""


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files and what came of each. They share two processes, because starting TensorFlow takes longest."""
    if not SHARED.is_dir():
        pytest.skip(f"the data files of keras.datasets are not in {SHARED}")
    folder = tmp_path_factory.mktemp("templates")
    (folder / "home" / "datasets").mkdir(parents=True)
    for file in SHARED.glob("*.npz"):
        (folder / "home" / "datasets" / file.name).symlink_to(file)
    (folder / "cifar10_subset.npz").symlink_to(SHARED / "cifar10_subset.npz")
    for template in list_templates():
        config = RunConfig.model_validate(template.training)
        few = {"epochs": 1, "steps_per_epoch": 1, "validation_steps": 1, "batch_size": 8}
        config.fit = config.fit.model_copy(update=few)
        training = config.model_dump(mode="json")
        export = export_model(
            template.graph, "python", template.title, training, find_data=make_data_finder(config.data)
        )
        (folder / f"{template.id}.py").write_bytes(export.content)
    environment = {
        "PATH": "/usr/bin:/bin",
        "KERAS_HOME": str(folder / "home"),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
    }
    halves = [list(ORDER)[::2], list(ORDER)[1::2]]
    processes = [
        subprocess.Popen(
            [sys.executable, "-P", "-c", RUN_EXPORTED, str(folder), *half],
            env=environment,
            cwd=folder,
            stderr=subprocess.PIPE,
            text=True,
        )
        for half in halves
    ]
    for process in processes:
        with process:
            _, complaint = process.communicate()
        assert process.returncode == 0, complaint[-3000:]
    return folder


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("name", ORDER)
def test_the_exported_file_trains_by_itself(name: str, trained: Path):
    metrics = (trained / f"{name}.metrics").read_text().split()

    assert {"loss", "val_loss"} <= set(metrics)
    said = (trained / f"{name}.said").read_text()
    assert "Total params" in said
    assert f"\n{metrics[-1]} " in said
