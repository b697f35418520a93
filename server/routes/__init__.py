"""The REST API: one file per noun. A route is a few lines; errors become answers in `server.errors`."""

from fastapi import APIRouter

from server.routes import (
    catalogue,
    check,
    datasets,
    export,
    graph,
    health,
    models,
    parts,
    pieces,
    run_events,
    run_results,
    runs,
    stream,
    templates,
    versions,
)

ROUTERS: list[APIRouter] = [
    health.router,
    catalogue.router,
    templates.router,
    models.router,
    graph.router,
    pieces.router,
    parts.router,
    versions.router,
    check.router,
    export.router,
    datasets.router,
    runs.router,
    run_results.router,
    run_events.router,
    stream.router,
]
"""Every noun's routes, in the order of the API's documentation. All of them stand under `/api`."""
