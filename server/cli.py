"""The `layerloom` command."""

from pathlib import Path

import click
from pydantic import SecretStr, ValidationError

from server.settings import Settings


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def main(context: click.Context) -> None:
    """Layerloom: draw Keras models, train them, watch them learn. Without a command it serves."""
    if context.invoked_subcommand is None:
        context.invoke(serve)


@main.command()
@click.option("--host", help="Address to listen on (127.0.0.1). Any but a loopback address needs a token.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on (8000); 0 takes a free one.")
@click.option("--home", type=click.Path(path_type=Path, file_okay=False), help="Folder of the database and the runs.")
@click.option("--token", help="What whoever uses the server has to know. Better set as LAYERLOOM_TOKEN.")
@click.option("--allow-code", is_flag=True, default=None, help="Let models bring Python code, which runs in workers.")
@click.option(
    "--remote-monitor",
    "remote_monitors",
    multiple=True,
    metavar="URL",
    help="Let the callback RemoteMonitor of runs send to this address, such as http://127.0.0.1:9000. Repeatable.",
)
def serve(
    host: str | None = None,
    port: int | None = None,
    home: Path | None = None,
    token: str | None = None,
    allow_code: bool | None = None,
    remote_monitors: tuple[str, ...] = (),
) -> None:
    """Serves the pages and the API until Ctrl-C."""
    from server.cannot_serve import CannotServeError
    from server.serve import serve_until_stopped

    given = {
        "host": host,
        "port": port,
        "home": home,
        "token": token and SecretStr(token),
        "allow_code": allow_code,
        "remote_monitors": list(remote_monitors) or None,
    }
    try:
        serve_until_stopped(read_settings({name: value for name, value in given.items() if value is not None}))
    except CannotServeError as error:
        raise click.ClickException(str(error)) from error


@main.command()
def openapi() -> None:
    """Prints the OpenAPI document of the API."""
    from server.app import create_app
    from server.openapi import dump_openapi

    click.echo(dump_openapi(create_app(read_settings({}))), nl=False)


def read_settings(given: dict[str, object]) -> Settings:
    """The settings of the environment, and over them those that were given.

    Raises:
        click.ClickException: a value does not fit; one sentence per value.
    """
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        texts = [
            f"{'.'.join(map(str, e['loc']))}: {e['msg']}. Received {str(e['input'])[:80]!r}." for e in error.errors()
        ]
        raise click.ClickException("\n".join(texts)) from error
