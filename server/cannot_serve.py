"""The error of a server that cannot be started."""


class CannotServeError(Exception):
    """Why it cannot be served: one sentence for the person at the terminal."""
