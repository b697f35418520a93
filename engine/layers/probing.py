"""Asks Keras's real constructors what they accept. None makes weights: layers wait with that for their input."""

from pydantic import JsonValue

from engine.layers.making import Config, make_object


class Probe:
    """A class with a config that works, in which single arguments are tried."""

    def __init__(self, value: type, config: Config):
        self.value = value
        self.config = config

    def try_out(self, **changes: JsonValue) -> str | None:
        """What Keras says against the config with these changes; None where it takes it."""
        try:
            make_object(self.value, {**self.config, **changes})
        except Exception as error:  # noqa: BLE001 - Keras and what is below it raise nearly every kind here
            return f"{type(error).__name__}: {error}"
        return None

    def accepts(self, name: str, candidate: JsonValue) -> bool:
        """Whether Keras takes the candidate."""
        return self.try_out(**{name: candidate}) is None

    def keeps(self, changes: Config) -> set[str]:
        """Which of the arguments Keras takes and still has in the object's config."""
        try:
            kept = make_object(self.value, {**self.config, **changes}).get_config()
        except Exception:  # noqa: BLE001 - as above
            return set().union(*(self.keeps({name: changes[name]}) for name in changes)) if len(changes) > 1 else set()
        return {name for name in changes if kept.get(name) is not None}
