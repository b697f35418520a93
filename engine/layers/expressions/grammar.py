"""Reads the text of a formula: what of Python's grammar belongs to the language, and how large a formula may be."""

import ast
import inspect
import keyword
import math
import warnings
from collections.abc import Sequence

from engine.layers.expressions.arithmetic import COMPARISONS, OPERATORS, bound
from engine.layers.expressions.errors import fault_at, join_names, suggest
from engine.layers.expressions.names import CONSTANTS, REFUSED, discover_expression_functions, read_signature

MAX_LENGTH = 2_000
MAX_NODES = 500
MAX_DEPTH = 60
MAX_TEXT = 100
LANGUAGE = "numbers, the variables, + - * / // % ** @, comparisons, and or not, if else, [ ], and calls of functions"

REFUSED_SYNTAX: dict[type[ast.AST], str] = {
    ast.Attribute: "a dot (attribute access)",
    ast.Lambda: "a lambda",
    ast.ListComp: "a comprehension",
    ast.SetComp: "a comprehension",
    ast.DictComp: "a comprehension",
    ast.GeneratorExp: "a comprehension",
    ast.NamedExpr: "an assignment (:=)",
    ast.JoinedStr: "an f-string",
    ast.Await: "an await",
    ast.Yield: "a yield",
    ast.YieldFrom: "a yield",
    ast.Dict: "a dictionary",
    ast.Set: "a set",
    ast.Starred: "a starred argument",
}
"""What Python has and formulas have not, in words."""

OPERATOR_HINT = "Take +, -, *, /, //, %, ** or @; for conditions and, or, not; for bits the functions bitwise_and, …"


def parse_expression(source: str, variables: Sequence[str]) -> ast.expr:
    """The checked tree of a formula over these variables. Raises `ExpressionError`."""
    text = _check_text(source)
    tree = _read(text)
    _refuse_size(tree)
    _Checker(variables).check(tree, 0)
    return tree


def check_variables(variables: Sequence[object]) -> None:
    """Raises `ExpressionError` where variables cannot be told from each other or from what formulas know already."""
    functions = discover_expression_functions()
    for index, name in enumerate(variables):
        if not isinstance(name, str) or not (name.isascii() and name.isidentifier()) or len(name) > MAX_TEXT:
            wanted = "expected a name of ASCII letters, digits and _, such as x"
            raise fault_at(
                None, "invalid_variable", f"{str(name)[:MAX_TEXT]!r} is no variable; {wanted}.", "Rename it."
            )
        if name in variables[:index]:
            raise fault_at(None, "invalid_variable", f"There are two variables {name!r}; expected one.", "Rename one.")
        if name in functions or name in REFUSED or name in CONSTANTS or keyword.iskeyword(name):
            meaning = "a word of the language already"
            raise fault_at(None, "invalid_variable", f"The variable {name!r} is {meaning}.", f"Call it {name}_in.")


def _check_text(source: str) -> str:
    if len(source) > MAX_LENGTH:
        size = f"it has {len(source):,} characters; expected at most {MAX_LENGTH:,}"
        raise fault_at(None, "expression_too_large", f"The formula is too long: {size}.", "Take several layers.")
    strange = next(
        (i for i, one in enumerate(source) if not (one.isascii() and one.isprintable()) and one != "\n"), None
    )
    if strange is not None:
        shown = ascii(source[strange])
        raise fault_at(strange, "invalid_expression", f"{shown} is no plain ASCII character.", "Type it anew.")
    for sign in "#\\":
        if sign in source:
            raise fault_at(source.index(sign), "invalid_expression", f"{sign!r} means nothing here.", "Take it out.")
    if not source.strip():
        raise fault_at(None, "empty_expression", "The formula is empty.", "Write one, such as x * sigmoid(x).")
    return source.replace("\n", " ")


def _read(text: str) -> ast.expr:
    body = text.lstrip()
    offset = len(text) - len(body)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(body, mode="eval").body
    except SyntaxError as error:
        end = len(body.rstrip())
        position = offset + (min(error.offset - 1, end) if error.offset else end)
        if "nested parentheses" in error.msg:
            raise _too_deep(None) from None
        raise fault_at(position, "invalid_expression", f"this is no formula ({error.msg}).", _hint_at(body)) from None
    except (ValueError, MemoryError, RecursionError):
        raise _too_deep(None) from None
    for node in ast.walk(tree):
        if hasattr(node, "col_offset"):
            node.col_offset += offset
    return tree


def _hint_at(body: str) -> str:
    first = body.split(maxsplit=1)[0]
    if first in ("import", "from", "def", "class", "return", "for", "while", "if", "with", "del", "global", "print"):
        return f"A formula is one expression, such as x * sigmoid(x); it has no {first}."
    return f"A formula is made of {LANGUAGE}."


def _refuse_size(tree: ast.expr) -> None:
    count = sum(1 for _ in ast.walk(tree))
    if count > MAX_NODES:
        size = f"it has {count:,} parts; expected at most {MAX_NODES:,}"
        raise fault_at(None, "expression_too_large", f"The formula is too large: {size}.", "Take several layers.")


def _too_deep(node: ast.expr | None) -> Exception:
    text = f"The formula is nested too deeply; expected at most {MAX_DEPTH} levels."
    return fault_at(node, "expression_too_large", text, "Take several layers.")


class _Checker:
    """One look through a tree: every node is one of those that the language has."""

    def __init__(self, variables: Sequence[str]):
        self.variables = variables
        self.functions = discover_expression_functions()

    def check(self, node: ast.expr, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise _too_deep(node)
        match node:
            case ast.Name():
                self._check_name(node)
            case ast.Constant():
                self._check_constant(node)
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                self._check_all(elements, depth + 1)
            case ast.Subscript(value=value, slice=key):
                self.check(value, depth + 1)
                self._check_key(key, depth + 1)
            case ast.Call():
                self._check_call(node, depth + 1)
            case _:
                self._check_operators(node, depth + 1)

    def _check_operators(self, node: ast.expr, inner: int) -> None:
        match node:
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() | ast.Not(), operand=operand):
                self.check(operand, inner)
            case ast.BinOp(left=left, op=operator, right=right) if type(operator) in (*OPERATORS, ast.MatMult):
                self._check_all([left, right], inner)
            case ast.BoolOp(values=values):
                self._check_all(values, inner)
            case ast.Compare(left=left, ops=ops, comparators=others) if all(type(op) in COMPARISONS for op in ops):
                self._check_all([left, *others], inner)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self._check_all([test, body, orelse], inner)
            case _:
                raise self._refuse(node)

    def _check_all(self, nodes: Sequence[ast.expr], depth: int) -> None:
        for node in nodes:
            self.check(node, depth)

    def _check_name(self, node: ast.Name) -> None:
        if node.id in self.variables or node.id in CONSTANTS:
            return
        if node.id in self.functions:
            text = f"{node.id!r} is a function; expected a value."
            raise fault_at(node, "invalid_expression", text, f"Call it, such as {node.id}(…).")
        known = [*self.variables, *CONSTANTS]
        raise fault_at(
            node,
            "unknown_name",
            f"{node.id!r} is not a known name; expected one of {join_names(known)}.",
            suggest(node.id, [*known, *self.functions], "Take a variable, or a function with its arguments in ( )."),
        )

    def _check_constant(self, node: ast.Constant) -> None:
        value = node.value
        if value is None or isinstance(value, bool):
            return
        if isinstance(value, float) and not math.isfinite(value):
            raise fault_at(node, "number_too_large", "this number is too large.", "Take inf where you mean infinity.")
        if isinstance(value, int | float):
            bound(node, value)
            return
        if isinstance(value, str):
            text = f"the text {value[:MAX_TEXT]!r} stands where a value is expected."
            raise fault_at(node, "invalid_expression", text, "Texts are only for arguments such as cast(x, 'int32').")
        kinds = {bytes: "bytes", complex: "a complex number"}
        raise fault_at(
            node, "invalid_expression", f"a formula has no {kinds.get(type(value), 'such thing')}.", LANGUAGE
        )

    def _check_key(self, key: ast.expr, depth: int) -> None:
        for part in key.elts if isinstance(key, ast.Tuple) else [key]:
            if isinstance(part, ast.Slice):
                self._check_all([one for one in (part.lower, part.upper, part.step) if one is not None], depth)
            elif not (isinstance(part, ast.Constant) and part.value is Ellipsis):
                self.check(part, depth)

    def _check_call(self, node: ast.Call, depth: int) -> None:
        if type(node.func) in REFUSED_SYNTAX:
            raise self._refuse(node.func)
        if not isinstance(node.func, ast.Name):
            text = "this is called like a function; expected a function's name."
            raise fault_at(node, "invalid_expression", text, f"A formula is made of {LANGUAGE}.")
        name = node.func.id
        if name not in self.functions:
            raise self._refuse_function(node.func)
        for value in [*node.args, *(named.value for named in node.keywords)]:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                _refuse_long_text(value, value.value)
            else:
                self.check(value, depth)
        self._check_arguments(node, name)

    def _check_arguments(self, node: ast.Call, name: str) -> None:
        signature = read_signature(self.functions[name])
        known = [p.name for p in signature.parameters.values() if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
        open_ended = any(p.kind is p.VAR_KEYWORD for p in signature.parameters.values())
        for named in node.keywords:
            if named.arg is None:
                raise fault_at(node, "invalid_expression", "a formula has no starred argument (**).", "Name each one.")
            if named.arg not in known and not open_ended:
                text = f"{name} has no argument {named.arg!r}; expected one of {join_names(known)}."
                raise fault_at(named.value, "unknown_argument", text, suggest(named.arg, known))
        try:
            signature.bind(*node.args, **{str(named.arg): None for named in node.keywords})
        except TypeError as error:
            text = f"{name} cannot be called like this: {error}."
            raise fault_at(node, "invalid_arguments", text, f"It takes {_show(name, signature)}.") from None

    def _refuse_function(self, node: ast.Name) -> Exception:
        if reason := REFUSED.get(node.id):
            return fault_at(node, "refused_function", f"{node.id} cannot be used: {reason}.", "Take another function.")
        if node.id in self.variables or node.id in CONSTANTS:
            text = f"{node.id!r} is no function, and is called like one."
            return fault_at(node, "invalid_expression", text, f"To multiply, write {node.id} * (…).")
        return fault_at(
            node,
            "unknown_function",
            f"{node.id!r} is not a known function; expected one of keras.ops, such as sigmoid, mean or where.",
            suggest(node.id, self.functions, "Take a function of keras.ops, by its name alone."),
        )

    def _refuse(self, node: ast.expr) -> Exception:
        if found := REFUSED_SYNTAX.get(type(node)):
            hint: str | None = f"A formula is made of {LANGUAGE}."
            if isinstance(node, ast.Attribute):
                hint = suggest(node.attr, self.functions, hint)
            return fault_at(node, "invalid_expression", f"a formula has no room for {found}.", hint)
        if isinstance(node, ast.BinOp | ast.UnaryOp):
            return fault_at(node, "invalid_expression", "this operator is not known.", OPERATOR_HINT)
        if isinstance(node, ast.Compare):
            return fault_at(
                node, "invalid_expression", "'in' and 'is' compare no tensors.", "Take ==, !=, <, <=, >, >=."
            )
        return fault_at(node, "invalid_expression", "this does not belong here.", f"A formula is made of {LANGUAGE}.")


def _refuse_long_text(node: ast.expr, text: str) -> None:
    if len(text) > MAX_TEXT:
        message = f"the text is {len(text)} characters long; expected at most {MAX_TEXT}."
        raise fault_at(node, "expression_too_large", message, "Make it shorter.")


def _show(name: str, signature: inspect.Signature) -> str:
    return f"{name}{signature}"
