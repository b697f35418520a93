"""What a run is asked to do, in Keras's own words. Imports no Keras: the server reads it too."""

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from engine.data.steps.settings import DataSteps
from engine.training.base_settings import Settings
from engine.training.split_settings import SplitSettings

ClassName = Annotated[str, Field(min_length=1, max_length=200)]


class KerasObject(Settings):
    """A Keras object by class name and config, such as `{"class_name": "Adam", "config": {"learning_rate": 0.001}}`."""

    class_name: ClassName
    config: dict[str, JsonValue] = {}


KerasReference = ClassName | KerasObject
"""A Keras object by name (`"adam"`), or by class name and config."""

PerOutput = Annotated[
    KerasReference | list[KerasReference | None] | dict[str, KerasReference | None], Field(union_mode="left_to_right")
]
"""One for all outputs, or one per output by position or by output name. `{"class_name": "Huber"}` is a Keras object."""

MetricsPerOutput = list[KerasReference | list[KerasReference]] | dict[str, KerasReference | list[KerasReference]]


class CompileSettings(Settings):
    """The arguments of `keras.Model.compile`."""

    optimizer: KerasReference = "adam"
    loss: PerOutput
    loss_weights: list[float] | dict[str, float] | None = None
    metrics: MetricsPerOutput = []
    weighted_metrics: MetricsPerOutput = []


class FitSettings(Settings):
    """The arguments of `keras.Model.fit`.

    A `class_weight` of `balanced` is made into numbers when training starts, by how often each class is there.
    """

    epochs: Annotated[int, Field(ge=1, le=1_000_000)] = 10
    batch_size: Annotated[int, Field(ge=1, le=10_000_000)] = 32
    validation_split: Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)] = 0.0
    shuffle: bool = True
    class_weight: dict[Annotated[int, Field(ge=0)], float] | Literal["balanced"] | None = None
    initial_epoch: Annotated[int, Field(ge=0)] = 0
    steps_per_epoch: Annotated[int, Field(ge=1)] | None = None
    validation_steps: Annotated[int, Field(ge=1)] | None = None
    validation_freq: Annotated[int, Field(ge=1)] = 1
    validation_batch_size: Annotated[int, Field(ge=1, le=10_000_000)] | None = None


DatasetName = Annotated[str, Field(min_length=1, max_length=200)]
ArrayName = Annotated[str, Field(min_length=1, max_length=200)]


class ValidationData(Settings):
    """The data set that a model is validated on: Keras's `validation_data`. With it, `fit.validation_split` is 0.

    `part` is `test` for the test part that the data set keeps apart, None for the data set itself. The others are as in
    `DataSettings`; where it is the same data set, `arguments`, `inputs` and `targets` that are None are those of the
    training. `steps` that are None are those of the training, whatever the data set: the model takes what they make.
    Without `sample_weights` all samples count the same, also where those of the training do not.
    """

    dataset: DatasetName
    part: Literal["test"] | None = None
    arguments: dict[str, JsonValue] | None = None
    steps: DataSteps | None = None
    inputs: dict[str, str] | None = None
    targets: dict[str, str] | None = None
    sample_weights: ArrayName | None = None


class DataSettings(Settings):
    """Which data set trains the model, and which of its arrays go where.

    `inputs` maps an input's layer name to an array of the data set, `targets` an output's layer name to one. Where one
    is None the data set's arrays are taken in order. `arguments` are the data set's own (`num_words` of imdb).
    `steps` are applied to its arrays first; everything else names the arrays that they leave.
    `sample_weights` names the array that says how much each sample counts: one number per sample, not negative.
    `split` says which samples train and which validate; with it `fit.validation_split` is 0 and `validation` None.
    """

    dataset: DatasetName
    arguments: dict[str, JsonValue] = {}
    steps: DataSteps = []
    inputs: dict[str, str] | None = None
    targets: dict[str, str] | None = None
    sample_weights: ArrayName | None = None
    validation: ValidationData | None = None
    split: SplitSettings | None = None


class PinnedPlan(Settings):
    """How a run's steps are to be run, without measuring. None leaves the number of steps or the data's place open."""

    mode: Literal["graph", "xla", "step"]
    steps_per_chunk: Annotated[int, Field(ge=1, le=100_000)] | None = None
    data: Literal["device", "stream"] | None = None


class CheckpointSettings(Settings):
    """When checkpoints are written, and which are kept.

    One is written every `every_minutes`, where training pauses, where somebody asks, and at the end. `keep_last` of
    them are kept, and the `keep_best` with the best value of `monitor` (`val_loss`, or `loss` without validation).
    """

    every_minutes: Annotated[float, Field(gt=0, le=10_000)] = 0.25
    keep_last: Annotated[int, Field(ge=1, le=1_000)] = 3
    keep_best: Annotated[int, Field(ge=0, le=1_000)] = 1
    monitor: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    mode: Literal["auto", "min", "max"] = "auto"


class RunConfig(Settings):
    """Everything about a run but the graph. Frozen into the run when it is launched.

    `plan` says how the steps are run: `auto` takes the fastest way for the model on this machine, `fit` is Keras's own
    loop. `restarts` is how often a run goes on from its last checkpoint after its worker died, before it has failed.
    `weights` is the SHA-256 of the stored weights with which training starts; None starts with new ones. They have to
    be those of the whole model; with `partial_weights` the layers that they do not fit, by name and shapes, start with
    new ones.
    """

    compile: CompileSettings
    fit: FitSettings = FitSettings()
    callbacks: Annotated[list[KerasObject], Field(max_length=50)] = []
    data: DataSettings
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    precision: Literal["float32", "mixed_float16", "mixed_bfloat16", "float64"] = "float32"
    plan: Literal["auto", "fit"] | PinnedPlan = "auto"
    checkpoints: CheckpointSettings = CheckpointSettings()
    restarts: Annotated[int, Field(ge=0, le=100)] = 3
    weights: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    partial_weights: bool = False
