"""The REST API: one file per noun. A route is a few lines; errors become answers in `server.errors`."""

from fastapi import APIRouter

from server.routes import (
    catalogue,
    check,
    checkpoint_weights,
    costs,
    datasets,
    diff,
    export,
    freezing,
    graph,
    health,
    importing,
    models,
    parts,
    pieces,
    run_events,
    run_results,
    runs,
    stream,
    templates,
    values,
    versions,
    weights,
)

ROUTERS: list[APIRouter] = [
    health.router,
    catalogue.router,
    templates.router,
    models.router,
    importing.router,
    graph.router,
    pieces.router,
    parts.router,
    freezing.router,
    versions.router,
    check.router,
    costs.router,
    diff.router,
    weights.router,
    values.router,
    export.router,
    datasets.router,
    runs.router,
    run_results.router,
    checkpoint_weights.router,
    run_events.router,
    stream.router,
]
"""Every noun's routes, in the order of the API's documentation. All of them stand under `/api`."""
