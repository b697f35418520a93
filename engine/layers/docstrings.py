"""What Keras's docstrings say: the summary, and the help text of each argument of the constructor and of the call."""

import inspect
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import docstring_parser
from docstring_parser import DocstringParam, DocstringStyle, ParseError

CONSTRUCTOR_SECTIONS = ("Args:", "Arguments:")
CALL_SECTIONS = ("Call arguments:", "Call Args:", "Call args:")
HEADING = re.compile(r"^[A-Z][\w ]*:$")
ARGUMENT = re.compile(r"^[`*]*\w+[`*]*(, ?\w+)*( \([^)]*\))? ?:")

Documented = type | Callable[..., object]


@dataclass(frozen=True)
class Docstring:
    """A docstring taken apart. `arguments` and `call_arguments` map a name to its text, on one line."""

    summary: str = ""
    description: str = ""
    arguments: dict[str, str] = field(default_factory=dict)
    call_arguments: dict[str, str] = field(default_factory=dict)


@cache
def read_docstring(value: Documented) -> Docstring:
    """Reads the docstring of a class or function. An argument that a class leaves to its base is read from the base."""
    if not isinstance(value, type):
        return _parse(inspect.getdoc(value) or "")
    parsed = [_parse(_own_docstring(one)) for one in value.__mro__ if one is not object]
    arguments: dict[str, str] = {}
    call_arguments: dict[str, str] = {}
    for docstring in parsed:
        arguments = docstring.arguments | arguments
        call_arguments = docstring.call_arguments | call_arguments
    return Docstring(parsed[0].summary, parsed[0].description, arguments, call_arguments)


def _own_docstring(value: type) -> str:
    constructor = value.__dict__.get("__init__")
    return f"{inspect.cleandoc(value.__doc__ or '')}\n\n{inspect.getdoc(constructor) or '' if constructor else ''}"


def _parse(text: str) -> Docstring:
    lines = text.splitlines()
    first = next((index for index, line in enumerate(lines) if HEADING.match(line.strip())), len(lines))
    head, _, rest = "\n".join(lines[:first]).strip().partition("\n\n")
    return Docstring(
        summary=" ".join(head.split()),
        description=inspect.cleandoc(rest).strip(),
        arguments=_read_sections(lines, CONSTRUCTOR_SECTIONS),
        call_arguments=_read_sections(lines, CALL_SECTIONS),
    )


def _read_sections(lines: list[str], headings: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for index, line in enumerate(lines):
        if line.strip() in headings:
            for param in _parse_section(_indented_below(lines, index)):
                for name in param.arg_name.split(","):
                    found.setdefault(name.strip(" `*"), " ".join((param.description or "").split()))
    return found


def _parse_section(section: str) -> list[DocstringParam]:
    # A line that begins no argument continues the one before, whatever its indentation says.
    lines = [line if ARGUMENT.match(line) else f"    {line}" for line in section.splitlines()]
    text = "Arguments.\n\nArgs:\n" + textwrap.indent("\n".join(lines), "    ")
    try:
        return docstring_parser.parse(text, style=DocstringStyle.GOOGLE).params
    except ParseError:  # A section that nobody can read costs its help texts, not the whole catalogue.
        return []


def _indented_below(lines: list[str], heading: int) -> str:
    """The lines under a heading, up to the first one that is not indented deeper.

    Keras's docstrings are cut into sections here rather than by the parser: code blocks at the margin, which many of
    them contain, hide the indentation of everything else from it.
    """
    indent = _indent(lines[heading])
    section: list[str] = []
    for line in lines[heading + 1 :]:
        if line.strip() and _indent(line) <= indent:
            break
        section.append(line)
    return textwrap.dedent("\n".join(section)).strip("\n")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
