"""Makes described arguments exact by asking the real constructor: choices, tuple lengths and ranges."""

from collections.abc import Callable, Iterator, Sequence

from pydantic import JsonValue

from engine.layers.phrases import QUOTED, Phrase, read_phrase
from engine.layers.probing import Probe
from engine.layers.schema import Argument, Kind

NONSENSE = "no such word"
OBJECT_KINDS: set[Kind] = {
    "activation", "initializer", "regularizer", "constraint", "dtype", "layer", "optimizer", "loss", "metric",
    "expression",
}  # fmt: skip
INTEGERS = (-1, 0, 1, 2, 3)
FLOATS: tuple[float, ...] = (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0)
LONGEST_TUPLE = 3


def refine_argument(argument: Argument, probe: Probe) -> Argument:
    """The argument with what Keras really accepts. Where Keras does not check, the help text is believed."""
    if OBJECT_KINDS & set(argument.kinds):
        return argument
    phrase = read_phrase(argument.help)
    refined = _refine_choice(argument, phrase, probe)
    refined = _refine_none(refined, probe)
    if "tuple" in refined.kinds and "layer" not in refined.items:
        refined = _refine_tuple(refined, probe)
    return _refine_range(refined, phrase, probe)


def refine_words(argument: Argument, probe: Probe) -> Argument:
    """The argument with the words that Keras really accepts, where it takes words."""
    if OBJECT_KINDS & set(argument.kinds):
        return argument
    return _refine_choice(argument, read_phrase(argument.help), probe)


def _refine_choice(argument: Argument, phrase: Phrase, probe: Probe) -> Argument:
    if not {"string", "json"} & set(argument.kinds):
        return argument
    refusal = probe.try_out(**{argument.name: NONSENSE})
    named = QUOTED.findall(_reason(refusal or ""))
    stated = [argument.default] if isinstance(argument.default, str) else []
    words = list(dict.fromkeys([*phrase.literals, *stated, *named]))
    if refusal is None:
        is_choice = "string" in argument.kinds and phrase.offers_choice and len(phrase.literals) > 1
        accepted = words if is_choice else []
    else:
        certain = {*phrase.literals} & {*named}  # What the help text and the refusal both name needs no trial.
        accepted = [word for word in words if word in certain or probe.accepts(argument.name, word)]
    others = [kind for kind in argument.kinds if kind not in ("string", "json")]
    if accepted:
        return argument.model_copy(update={"kinds": ["choice", *others], "choices": accepted})
    return argument.model_copy(update={"kinds": others or argument.kinds}) if refusal else argument


def _reason(refusal: str) -> str:
    """What a refusal says is expected, without the config and the value that it repeats."""
    return refusal.rpartition("Exception encountered:")[2].partition("Received")[0]


def _refine_none(argument: Argument, probe: Probe) -> Argument:
    if argument.nullable or argument.required or "None" not in argument.help:
        return argument
    return argument.model_copy(update={"nullable": probe.accepts(argument.name, None)})


def _refine_tuple(argument: Argument, probe: Probe) -> Argument:
    """Puts right the lengths that the help text or the default suggests, and drops tuples where Keras takes no list."""
    suggested = {len(argument.default)} if isinstance(argument.default, list) else set()
    if suggested and [*suggested] == argument.lengths:
        return argument
    possible = range(1, LONGEST_TUPLE + 1)
    accepted = [n for n in possible if any(probe.accepts(argument.name, one) for one in _tuples(argument, n))]
    others: list[Kind] = [kind for kind in argument.kinds if kind != "tuple"]
    if not accepted and others and not suggested:
        return argument.model_copy(update={"kinds": others, "items": [], "lengths": []})
    if not (suggested or argument.lengths) or not accepted:
        return argument
    return argument.model_copy(update={"lengths": accepted if len(accepted) < len(possible) else []})


def _tuples(argument: Argument, length: int) -> Iterator[JsonValue]:
    """Tuples that suit different rules: ascending, ascending from zero, all the same, all zero."""
    step = 1 if "integer" in argument.items else 0.1
    word = "string" in argument.items
    yield ["a" if word else step * place for place in range(1, length + 1)]
    if not word:
        yield [step * place for place in range(length)]
        yield [step] * length
        yield [0 * step] * length


def _refine_range(argument: Argument, phrase: Phrase, probe: Probe) -> Argument:
    if "integer" in argument.kinds:
        bounds = {"minimum": _least_integer(argument.name, probe)}
    elif "float" in argument.kinds:
        low = _bound(FLOATS, lambda number: probe.accepts(argument.name, number))
        high = _bound(FLOATS[::-1], lambda number: probe.accepts(argument.name, number))
        bounds = dict(zip(("minimum", "exclusive_minimum", "maximum", "exclusive_maximum"), low + high, strict=True))
    else:
        return argument
    if bounds["minimum"] is None and bounds.get("maximum") is None:
        bounds = {
            "minimum": phrase.minimum,
            "maximum": phrase.maximum,
            "exclusive_minimum": phrase.exclusive_minimum,
        }
    refined = argument.model_copy(update=bounds)
    return refined if _holds(refined, argument.default) else argument


def _least_integer(name: str, probe: Probe) -> float | None:
    """The least of a few small integers that Keras accepts; None where it accepts negative ones, or none of them."""
    least = next((number for number in INTEGERS if probe.accepts(name, number)), None)
    return None if least is None or least < 0 else float(least)


def _bound(samples: Sequence[float], accepts: Callable[[float], bool]) -> tuple[float | None, bool]:
    """Where the accepted numbers begin, counted from the outermost sample inwards, and whether the bound is left out.

    A whole number is a bound itself; where a half is the first to be accepted, the whole number before it is the bound.
    """
    first = next((place for place, number in enumerate(samples) if accepts(number)), 0)
    if first == 0:
        return None, False
    is_whole = samples[first].is_integer()
    return (samples[first], False) if is_whole else (samples[first - 1], True)


def _holds(argument: Argument, default: JsonValue) -> bool:
    """Whether a default lies in the range: a range that its own default breaks was misread."""
    numbers = default if isinstance(default, list) else [default]
    return all(
        (argument.minimum is None or number >= argument.minimum)
        and (argument.maximum is None or number <= argument.maximum)
        for number in numbers
        if isinstance(number, int | float) and not isinstance(number, bool)
    )
