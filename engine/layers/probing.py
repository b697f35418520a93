"""Asks Keras's real constructors what they accept. None makes weights: layers wait with that for their input."""

import inspect

import keras
from pydantic import JsonValue

from engine.layers.making import Config, make_object


class Probe:
    """A class with a config that works, in which single arguments are tried."""

    def __init__(self, value: type, config: Config):
        self.value = value
        self.config: Config = {**config, **_fix_name(value)}

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


def _fix_name(value: type) -> Config:
    """A name of our own, where one is taken: else every trial would count up Keras's automatic names."""
    parameters = inspect.signature(value).parameters
    takes_any = any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters.values())
    is_layer = issubclass(value, keras.layers.Layer)
    return {"name": "probe"} if "name" in parameters or (is_layer and takes_any) else {}
