"""How the server's log looks: one short line each, to standard error."""

import logging.config


def set_up_logging(level: str) -> None:
    """Sends everything from this level on to standard error. Uvicorn tells only what went wrong."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "line": {"format": "%(asctime)s %(levelname)-7s %(name)s: %(message)s", "datefmt": "%H:%M:%S"}
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["stderr"], "level": level.upper()},
            "loggers": {
                "uvicorn": {"level": "WARNING"},
                "alembic": {"level": "WARNING"},
                "httpx": {"level": "WARNING"},
            },
        }
    )
