"""Whether losses and metrics that fit the training targets take the validation targets too."""

from engine.training.compile_settings import CompileArguments
from engine.training.run_data import PLACE
from engine.training.situation import FedSituation
from engine.training.trial import Trial, TrialError


def check_validation_targets(situation: FedSituation, arguments: CompileArguments) -> None:
    """Tries them on a few samples, the least and the largest values among them: a label may be out of range."""
    validation = situation.data.validation
    if validation is None:
        return
    try:
        Trial(situation.outputs, validation.targets).try_everything(arguments.loss, arguments)
    except TrialError as error:
        situation.findings.error(
            "validation_does_not_fit",
            f"{PLACE}.targets",
            f"Losses and metrics take the training targets, and not those of the validation data: {error}",
            "Validate on targets of the same kind, with the same classes.",
        )
