"""Text -> expression. Each function's docstring is its rule of the grammar.

Words are read in any case, names as they stand. A formula is arithmetic over metrics; a `where` is a condition on the
rows of a table, and never divides, since SQL's division differs from engine to engine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from shinro.definitions.cursor import Cursor
from shinro.definitions.expression import (
    And,
    Between,
    Binary,
    Call,
    Compare,
    Day,
    In,
    IsNull,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Or,
    Text,
    Truth,
    height,
    walk,
)
from shinro.definitions.functions import FARTHEST, FUNCTIONS, nearest
from shinro.definitions.printing import text as printed
from shinro.definitions.roles import types
from shinro.definitions.tokens import MAX_DEPTH, MAX_LENGTH, NOWHERE, Kind, Source, Token
from shinro.problems import Place

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
Rule: TypeAlias = Callable[[Cursor], Node]


def formula(text: str, place: Place = NOWHERE) -> Node:
    """The arithmetic over metrics that a text says; `place` is where its first character stands. Raises Mistake."""
    source = Source(text, place)
    node = expression(source)
    for part in walk(node):
        match part:
            case Number() | Name() | Negative() | Binary():
                continue
            case Call(function) if FUNCTIONS[function].formula:
                continue
        raise source.mistake("Q113", part.at, found=printed(part))
    return node


def where(text: str, place: Place = NOWHERE) -> Node:
    """The condition on a table's rows that a text says, its types checked. Raises Mistake."""
    source = Source(text, place)
    node = expression(source)
    for part in walk(node):
        match part:
            case Binary("/"):
                raise source.mistake("Q125", part.at)
            case Call(function) if not FUNCTIONS[function].where:
                raise source.mistake("Q126", part.at, function=function)
    types(node, source)
    return node


def expression(source: Source) -> Node:
    """`expression = either END`. Raises Mistake."""
    cursor = Cursor(source)
    node = _either(cursor)
    cursor.finish()
    if height(node) > MAX_DEPTH:
        raise source.mistake("Q107", node.at, length=MAX_LENGTH, depth=MAX_DEPTH)
    return node


def _either(cursor: Cursor) -> Node:
    """`either = both {"or" both}`."""
    parts, at = [_both(cursor)], cursor.token.at
    while cursor.take("word", "or"):
        parts.append(_both(cursor))
    return Or(tuple(parts), at) if len(parts) > 1 else parts[0]


def _both(cursor: Cursor) -> Node:
    """`both = negation {"and" negation}`."""
    parts, at = [_negation(cursor)], cursor.token.at
    while cursor.take("word", "and"):
        parts.append(_negation(cursor))
    return And(tuple(parts), at) if len(parts) > 1 else parts[0]


def _negation(cursor: Cursor) -> Node:
    """`negation = {"not"} comparison`."""
    words = _repeated(cursor, "word", "not")
    node = _comparison(cursor)
    for word in reversed(words):
        node = Not(node, word.at)
    return node


def _comparison(cursor: Cursor) -> Node:
    """`comparison = sum [sign sum | ["not"] membership | ["not"] range | "is" ["not"] "null"]`."""
    left = _sum(cursor)
    sign = cursor.take("sign", *COMPARISONS)
    if sign:
        return _compared(cursor, left, sign)
    at = cursor.token.at
    if cursor.take("word", "is"):
        negated = cursor.take("word", "not") is not None
        cursor.demand("word", "null")
        return IsNull(left, negated, at)
    negated = cursor.next_is("word", "not") and cursor.advance() is not None
    if cursor.take("word", "in"):
        return _membership(cursor, left, at, negated=negated)
    if cursor.take("word", "between"):
        return _range(cursor, left, at, negated=negated)
    if negated:
        raise cursor.missing("in", "between")
    return left


def _compared(cursor: Cursor, left: Node, sign: Token) -> Node:
    """`sign = "=" | "!=" | "<" | "<=" | ">" | ">="`; two of them in a chain are refused."""
    if cursor.next_is("word", "null"):
        raise cursor.mistake("Q117", negation="" if sign.value == "=" else "not ")
    right = _sum(cursor)
    if cursor.next_is("sign", *COMPARISONS):
        raise cursor.mistake("Q108", first=sign.value, second=cursor.token.value)
    return Compare(sign.value, left, right, sign.at)


def _membership(cursor: Cursor, left: Node, at: int, *, negated: bool) -> Node:
    """`membership = "in" "(" sum {"," sum} ")"`."""
    cursor.demand("sign", "(")
    return In(left, _listed(cursor, _sum), negated, at)


def _range(cursor: Cursor, left: Node, at: int, *, negated: bool) -> Node:
    """`range = "between" sum "and" sum`."""
    low = _sum(cursor)
    cursor.demand("word", "and")
    return Between(left, low, _sum(cursor), negated, at)


def _sum(cursor: Cursor) -> Node:
    """`sum = product {("+" | "-") product}`."""
    node = _product(cursor)
    while sign := cursor.take("sign", "+", "-"):
        node = Binary(sign.value, node, _product(cursor), sign.at)
    return node


def _product(cursor: Cursor) -> Node:
    """`product = factor {("*" | "/") factor}`."""
    node = _factor(cursor)
    while sign := cursor.take("sign", "*", "/"):
        node = Binary(sign.value, node, _factor(cursor), sign.at)
    return node


def _factor(cursor: Cursor) -> Node:
    """`factor = {"-"} atom`."""
    signs = _repeated(cursor, "sign", "-")
    node = _atom(cursor)
    for sign in reversed(signs):
        node = Negative(node, sign.at)
    return node


def _atom(cursor: Cursor) -> Node:
    """`atom = NUMBER | TEXT | DAY | "true" | "false" | name | call | "(" either ")"`."""
    token = cursor.token
    match token.kind, token.value:
        case "name", _:
            return name(cursor) if token.unit or not cursor.next_is("sign", "(", ahead=1) else _call(cursor)
        case "number", _ if token.unit == "pt":
            raise cursor.mistake("Q119", found=cursor.found)
        case "number", _:
            return Number(cursor.advance().number, token.unit, token.at)
        case "text", value:
            return Text(value, cursor.advance().at)
        case "day", _:
            return Day(token.day, cursor.advance().at)
        case "word", "true" | "false":
            return Truth(cursor.advance().value == "true", token.at)
        case "sign", "(":
            return _parenthesis(cursor)
    raise cursor.missing()


def _parenthesis(cursor: Cursor) -> Node:
    cursor.advance()
    cursor.deeper()
    node = _either(cursor)
    cursor.shallower()
    cursor.demand("sign", ")")
    return node


def name(cursor: Cursor) -> Name:
    """`name = NAME ["." NAME]`. Q124 where no name stands."""
    first = _one_name(cursor)
    part = _one_name(cursor).value if cursor.take("sign", ".") else None
    return Name(first.value, part, first.at)


def _one_name(cursor: Cursor) -> Token:
    if not cursor.next_is("name"):
        raise cursor.mistake("Q124", found=cursor.found or "…")
    return cursor.advance()


def _call(cursor: Cursor) -> Node:
    """`call = NAME "(" [either {"," either}] ")"`; a name between backquotes calls nothing."""
    token = cursor.advance()
    cursor.demand("sign", "(")
    called = token.value.lower()
    function = FUNCTIONS.get(called)
    if function is None:
        raise cursor.source.mistake("Q105", token.at, function=token.value, nearest=nearest(called))
    args = () if cursor.take("sign", ")") else _listed(cursor, _either)
    if not function.fewest <= len(args) <= function.most:
        wanted = f"{function.fewest}" if function.fewest == function.most else f"{function.fewest}-{function.most}"
        raise cursor.source.mistake("Q106", token.at, function=called, wanted=wanted, given=len(args))
    if function.looks_back:
        _look_back(cursor.source, called, *args)
    return Call(called, args, token.at)


def _look_back(source: Source, function: str, metric: Node, periods: Node | None = None) -> None:
    """`back = name ["," NUMBER]`: one metric, and a whole number of periods. Q118 for anything else."""
    if not isinstance(metric, Name):
        raise source.mistake("Q118", metric.at, function=function)
    whole = isinstance(periods, Number) and not periods.unit and periods.value.denominator == 1
    if periods and not (whole and isinstance(periods, Number) and 1 <= periods.value <= FARTHEST):
        raise source.mistake("Q118", periods.at, function=function, case="periods", most=FARTHEST)


def _listed(cursor: Cursor, rule: Rule) -> tuple[Node, ...]:
    """`rule {"," rule} ")"`."""
    cursor.deeper()
    items = [rule(cursor)]
    while not cursor.take("sign", ")"):
        if not cursor.take("sign", ","):
            raise cursor.missing(",", ")")
        items.append(rule(cursor))
    cursor.shallower()
    return tuple(items)


def _repeated(cursor: Cursor, kind: Kind, value: str) -> list[Token]:
    found: list[Token] = []
    while cursor.next_is(kind, value):
        found.append(cursor.advance())
    return found
