"""A model's columns about its weights, as the API shows them."""

import orjson

from server.schemas.weights import WeightsPublic


def read_weights_columns(
    sha256: str | None, size: int | None, source: str | None, set_at: object
) -> WeightsPublic | None:
    """The weights; None where the model has none."""
    if sha256 is None or size is None or source is None:
        return None
    return WeightsPublic.model_validate(
        {"sha256": sha256, "size": size, "source": orjson.loads(source), "set_at": set_at}
    )
