"""The scope in which layers are called without weights, and the state of Keras that it puts back afterwards."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import keras
from keras.src.backend.common import global_state

PENDING = "uninitialized_variables"
CALL_CONTEXT = "current_call_ctx"
NAME_COUNTERS = "object_name_uids"


@contextmanager
def open_symbolic_scope() -> Iterator["keras.StatelessScope"]:
    """Inside, layers are built and called on symbolic tensors, and their weights are only promised.

    Where the body sets the scope's `initialize_variables`, the weights get their values on the way out; otherwise they
    are forgotten. Keras would keep the promises for ever, and fulfil them (allocate!) when the next scope of its own
    ends, so that list is taken away and put back. Errors come without Keras's colours and argument lists, and
    names that Keras makes up start from zero, so that a graph gives the same model however many were built before.
    """
    filtering = keras.config.is_traceback_filtering_enabled()
    before = {name: global_state.get_global_attribute(name) for name in (PENDING, CALL_CONTEXT, NAME_COUNTERS)}
    for name in before:
        global_state.set_global_attribute(name, None)
    keras.config.disable_traceback_filtering()
    try:
        with keras.StatelessScope(initialize_variables=False) as scope:
            yield scope
    finally:
        if filtering:
            keras.config.enable_traceback_filtering()
        for name, value in before.items():
            global_state.set_global_attribute(name, value)


@contextmanager
def record_warnings() -> Iterator[list[str]]:
    """Collects what Keras warns of inside, each text once; the list is filled on the way out."""
    texts: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        yield texts
    texts.extend(dict.fromkeys(str(one.message) for one in caught if issubclass(one.category, UserWarning)))
