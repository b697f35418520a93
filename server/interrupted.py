"""Answers the requests that the server gives up when it stops."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.problem_response import ProblemResponse, make_problem


class InterruptedMiddleware:
    """A request that is cancelled gets a problem document instead of a cut connection and a traceback in the log."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def send_and_see(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, send_and_see)
        except asyncio.CancelledError:
            if scope["type"] == "http" and not started:
                problem = make_problem(503, "The server is stopping; the request was given up.", code="stopping")
                await ProblemResponse(problem, {"Connection": "close"})(scope, receive, send)
