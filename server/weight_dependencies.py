"""What the routes of weights and values can ask for, as named types."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from server.weights import WeightService


def get_weight_service(connection: HTTPConnection) -> WeightService:
    """What describes and changes weights."""
    service: WeightService = connection.app.state.weights
    return service


WeightServiceDep = Annotated[WeightService, Depends(get_weight_service)]
