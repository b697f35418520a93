"""What people asked of runs that train: numbered per run, kept until it took effect or became pointless."""

from collections.abc import Sequence

from pydantic import TypeAdapter
from sqlalchemy import Connection, RowMapping, Select, func, insert, select, update

from engine.training.commands import Action, Command, Pause, Resume, SetEpochs, SetLearningRate, Stop
from server.storage.columns import utc_now
from server.storage.database import Database
from server.storage.tables import commands, runs

ACTION = TypeAdapter[Action](Action)
REPEATED = (SetLearningRate, SetEpochs)
"""What changes how a run goes on. A pause or a checkpoint is of the moment, and not done again."""


class CommandStore:
    """The commands of all runs. Every method is one transaction."""

    def __init__(self, database: Database):
        self._database = database

    def add(self, run_id: str, actions: Sequence[Action]) -> list[Command]:
        """Stores what is asked, under the next numbers. A run without a worker shows other epochs at once."""
        with self._database.write() as connection:
            last = connection.execute(select(func.max(commands.c.number)).where(commands.c.run_id == run_id)).scalar()
            added = [Command(number=(last or 0) + place, action=action) for place, action in enumerate(actions, 1)]
            now = utc_now()
            rows = [
                {"run_id": run_id, "number": one.number, "action": one.action.model_dump_json(), "created_at": now}
                for one in added
            ]
            connection.execute(insert(commands), rows)
            for action in actions:
                if isinstance(action, SetEpochs):
                    connection.execute(update(runs).where(runs.c.id == run_id).values(epochs=action.epochs))
        return added

    def list_open(self, run_id: str, after: int = 0) -> list[Command]:
        """The commands after number `after` that have not taken effect, in order."""
        with self._database.read() as connection:
            return list_open(connection, run_id, after)

    def close(self, run_id: str, numbers: Sequence[int]) -> None:
        """Nobody is to carry out these commands any more."""
        wanted = update(commands).where(
            commands.c.run_id == run_id, commands.c.number.in_(numbers), commands.c.closed_at.is_(None)
        )
        with self._database.write() as connection:
            connection.execute(wanted.values(closed_at=utc_now()))


def list_open(connection: Connection, run_id: str, after: int = 0) -> list[Command]:
    """The run's open commands inside a transaction that does more."""
    wanted = _select(run_id).where(commands.c.closed_at.is_(None), commands.c.number > after)
    return [_to_command(row) for row in connection.execute(wanted).mappings()]


def list_repeated(connection: Connection, run_id: str) -> list[Command]:
    """Those that took effect and that a run has to repeat where it goes on from before that."""
    wanted = _select(run_id).where(commands.c.at_step.is_not(None))
    done = [_to_command(row) for row in connection.execute(wanted).mappings()]
    return [one for one in done if isinstance(one.action, REPEATED)]


def fetch_wanted_epochs(connection: Connection, run_id: str) -> int | None:
    """How many epochs were last asked for; None where nobody has changed them."""
    wanted = _select(run_id).where(commands.c.at_step.is_not(None) | commands.c.closed_at.is_(None))
    actions = [_to_command(row).action for row in connection.execute(wanted).mappings()]
    return next((action.epochs for action in reversed(actions) if isinstance(action, SetEpochs)), None)


def note_effect(connection: Connection, run_id: str, number: int, step: int) -> Action | None:
    """The command took effect before this step. Answers what it was, None where the run was never asked for it.

    A pause or a resume that came before it and is still open changed nothing, and will not. What had been asked of its
    kind, and took effect at later steps before the run went back to an earlier one, is not repeated.
    """
    earlier = [one.number for one in list_open(connection, run_id) if isinstance(one.action, Pause | Resume)]
    connection.execute(
        update(commands)
        .where(commands.c.run_id == run_id, commands.c.number.in_(earlier), commands.c.number < number)
        .values(closed_at=utc_now())
    )
    this = (commands.c.run_id == run_id) & (commands.c.number == number)
    text = connection.execute(select(commands.c.action).where(this)).scalar_one_or_none()
    if text is None:
        return None
    action = ACTION.validate_json(text)
    overruled = [
        one.number
        for one in list_repeated(connection, run_id)
        if type(one.action) is type(action) and one.number < number and (one.at_step or 0) > step
    ]
    connection.execute(
        update(commands)
        .where(commands.c.run_id == run_id, commands.c.number.in_(overruled), commands.c.closed_at.is_not(None))
        .values(at_step=None)
    )
    # Until the epoch is over the worker may die, and the next one has to hear of it again.
    closed_at = None if action == Stop(when="epoch") else utc_now()
    connection.execute(update(commands).where(this).values(at_step=step, closed_at=closed_at))
    return action


def _select(run_id: str) -> Select[tuple[int, str, int | None]]:
    return (
        select(commands.c.number, commands.c.action, commands.c.at_step)
        .where(commands.c.run_id == run_id)
        .order_by(commands.c.number)
    )


def _to_command(row: RowMapping) -> Command:
    return Command(number=row["number"], action=ACTION.validate_json(row["action"]), at_step=row["at_step"])
