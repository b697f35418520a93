"""What has to be known of a model to evaluate it or to ask it. Imports no Keras: the server reads it."""

from typing import Literal

from engine.training.base_settings import Settings
from engine.training.config import CompileSettings, DataSettings, FitSettings, RunConfig

Precision = Literal["float32", "mixed_float16", "mixed_bfloat16", "float64"]


class SubjectSettings(Settings):
    """A model that need not have been trained here, and so may have no loss and no data set.

    Of `fit` only the batch sizes and the validation split count. With `data_may_miss` the model can be asked about
    what is sent even where the data set is not here or does not fit.
    """

    compile: CompileSettings | None = None
    data: DataSettings | None = None
    data_may_miss: bool = False
    fit: FitSettings = FitSettings()
    precision: Precision = "float32"


AnyConfig = RunConfig | SubjectSettings
