"""Questions about the values of a model's tensors, as the API takes them."""

from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from engine.backend.results import FunctionRequest, GradientsRequest

Id = Annotated[str, Field(max_length=100)] | None


class Which(BaseModel):
    """Of which graph, with which weights.

    `version_id` takes a version's graph instead of the draft's, with the model's stored weights. `run_id` and
    `checkpoint_id`, always together, take the graph that a run trains with the weights of its checkpoint.
    """

    version_id: Id = None
    run_id: Id = None
    checkpoint_id: Id = None

    @model_validator(mode="after")
    def check(self) -> Self:
        """Only one of the two ways."""
        if (self.run_id is None) != (self.checkpoint_id is None):
            raise ValueError("expected `run_id` and `checkpoint_id` together")
        if self.run_id is not None and self.version_id is not None:
            raise ValueError("expected a version or a checkpoint, not both")
        return self


class FunctionCall(Which, FunctionRequest):
    """The values of `outputs`, computed from `inputs`."""

    def to_request(self) -> FunctionRequest:
        """What the engine is asked."""
        return FunctionRequest.model_construct(inputs=self.inputs, outputs=self.outputs, training=self.training)


class GradientsCall(Which, GradientsRequest):
    """The derivatives of the sum of all numbers in `outputs`."""

    def to_request(self) -> GradientsRequest:
        """What the engine is asked."""
        return GradientsRequest.model_construct(
            inputs=self.inputs,
            outputs=self.outputs,
            training=self.training,
            with_respect_to=self.with_respect_to,
        )
