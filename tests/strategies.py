"""Random expressions, rows and phrases for property tests.

`nodes()` are trees of every shape that can be printed, whether they make sense or not. `wheres()` are conditions that
make sense on the columns of COLUMNS, and `rows()` are rows of them; numbers are small enough that every product fits
DECIMAL(38), there is no division, and texts hold no NUL, so that any engine can evaluate them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import settings
from hypothesis import strategies as st

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
)
from shinro.definitions.functions import FARTHEST, FUNCTIONS
from shinro.definitions.phrases import SECONDS, Change, Condition, Level, Over, Per, Since
from shinro.loads import Role
from shinro.periods import Duration, Grain
from shinro.units import CURRENCIES

COLUMNS: Mapping[str, Role] = {
    "amount": Role.NUMBER,
    "seats": Role.NUMBER,
    "kind": Role.TEXT,
    "結果": Role.TEXT,
    "opened": Role.TIME,
    "closed": Role.TIME,
    "paid": Role.TRUTH,
    "削除": Role.TRUTH,
}
LETTERS = "aAbBzZéÉıＡアｱー　 '\"`%_\\0-"
SOME = settings(max_examples=int(os.environ.get("SHINRO_EXAMPLES", "12")))  # where one example is a whole tree
MANY = settings(max_examples=int(os.environ.get("SHINRO_EXAMPLES", "40")))

texts = st.text(LETTERS, max_size=4)
days = st.dates(date(2025, 12, 1), date(2026, 6, 30))
decimals = st.integers(0, 10**7).flatmap(lambda n: st.sampled_from((1, 10, 100)).map(lambda by: Fraction(n, by)))
units = st.sampled_from(("", "%", *sorted(CURRENCIES)))
plain_names = st.sampled_from(("a", "リード数", "コール・数", "_x1", "USD", "previous", "lower", "x", "M", "per"))
any_names = (
    plain_names | st.sampled_from(("and", "Null")) | st.text(min_size=1, max_size=5).filter(lambda t: "\0" not in t)
)
durations = st.sampled_from(sorted(SECONDS)).flatmap(
    lambda unit: st.builds(Duration, st.integers(0, 100), st.just(unit))
)


def numbers() -> st.SearchStrategy[Number]:
    """Numbers in any unit that may stand in a tree."""
    return units.flatmap(lambda unit: decimals.map(lambda n: Number(n / 100 if unit == "%" else n, unit)))


def names() -> st.SearchStrategy[Name]:
    """Names of any letters, with and without a part."""
    return st.builds(Name, any_names, st.none() | any_names)


def nodes() -> st.SearchStrategy[Node]:
    """Trees of every shape."""
    text = st.text().filter(lambda t: "\0" not in t)
    leaves = st.one_of(
        numbers(), names(), st.builds(Text, text), st.builds(Day, st.dates()), st.builds(Truth, st.booleans())
    )
    return st.recursive(leaves, _above, max_leaves=25)


def _above(below: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(below, min_size=2, max_size=4).map(tuple)
    return st.one_of(
        st.builds(Negative, below),
        st.builds(Binary, st.sampled_from("+-*/"), below, below),
        st.builds(Compare, st.sampled_from(("=", "!=", "<", "<=", ">", ">=")), below, below),
        st.builds(In, below, st.lists(below, min_size=1, max_size=3).map(tuple), st.booleans()),
        st.builds(Between, below, below, below, st.booleans()),
        st.builds(IsNull, below, st.booleans()),
        st.builds(And, several),
        st.builds(Or, several),
        st.builds(Not, below),
        _calls(below),
    )


def _calls(below: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    def call(name: str) -> st.SearchStrategy[Node]:
        function = FUNCTIONS[name]
        if function.looks_back:
            periods = st.integers(1, FARTHEST).map(lambda n: Number(Fraction(n)))
            some = st.lists(periods, min_size=function.fewest - 1, max_size=function.most - 1)
            return st.tuples(names(), some).map(lambda found: Call(name, (found[0], *found[1])))
        args = st.lists(below, min_size=function.fewest, max_size=min(function.most, 4))
        return args.map(lambda found: Call(name, tuple(found)))

    return st.sampled_from(sorted(FUNCTIONS)).flatmap(call)


def formulas() -> st.SearchStrategy[Node]:
    """Arithmetic over metrics whose names are plain letters."""
    leaves = st.builds(Name, st.sampled_from(("leads", "コール")), st.sampled_from((None, "new"))) | numbers()
    return st.recursive(
        leaves,
        lambda below: (
            st.builds(Binary, st.sampled_from("+-*/"), below, below)
            | st.builds(Negative, below)
            | st.builds(Call, st.sampled_from(("least", "coalesce")), st.tuples(below, below))
        ),
        max_leaves=12,
    )


def rows() -> st.SearchStrategy[dict[str, object]]:
    """Rows of COLUMNS, any value of which may be null."""
    values: Mapping[Role, st.SearchStrategy[object]] = {
        Role.NUMBER: st.decimals(Decimal(-10_000), Decimal(10_000), places=2) | st.integers(-3, 3).map(Decimal),
        Role.TEXT: texts,
        Role.TIME: days,
        Role.TRUTH: st.booleans(),
    }
    return st.fixed_dictionaries({column: st.none() | values[role] for column, role in COLUMNS.items()})


def wheres(depth: int = 3) -> st.SearchStrategy[Node]:
    """Conditions that make sense on COLUMNS, so many levels deep."""
    return st.deferred(lambda: _truths(depth))


def _column(role: Role) -> st.SearchStrategy[Node]:
    return st.sampled_from([Name(column) for column, its in COLUMNS.items() if its is role])


def _typed(role: Role, depth: int) -> st.SearchStrategy[Node]:
    return {Role.NUMBER: _numbers, Role.TEXT: _texts, Role.TIME: _days, Role.TRUTH: _truths}[role](depth)


def _picked(role: Role, below: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """`coalesce` of anything, `least` and `greatest` of what has an order."""
    functions = ("coalesce", "least", "greatest") if role in (Role.NUMBER, Role.TIME) else ("coalesce",)
    return st.builds(Call, st.sampled_from(functions), st.lists(below, min_size=2, max_size=3).map(tuple))


def _factors() -> st.SearchStrategy[Node]:
    small = st.integers(0, 100_000).map(lambda n: Number(Fraction(n, 100)))
    return st.one_of(small, _column(Role.NUMBER), st.builds(Negative, _column(Role.NUMBER)))


def _numbers(depth: int) -> st.SearchStrategy[Node]:
    leaves = _factors() | st.just(Number(Fraction(1, 20), "%")) | st.just(Number(Fraction(300_000), "JPY"))
    if not depth:
        return leaves
    below = _numbers(depth - 1)
    return st.one_of(
        leaves,
        st.builds(Negative, below),
        st.builds(Binary, st.sampled_from("+-"), below, below),
        st.builds(Binary, st.just("*"), _factors(), _factors()),
        st.builds(Call, st.just("abs"), st.tuples(below)),
        st.builds(Call, st.just("length"), st.tuples(_texts(depth - 1))),
        st.builds(Call, st.just("days_between"), st.tuples(_days(depth - 1), _days(depth - 1))),
        _picked(Role.NUMBER, below),
    )


def _texts(depth: int) -> st.SearchStrategy[Node]:
    leaves = st.builds(Text, texts) | _column(Role.TEXT)
    if not depth:
        return leaves
    below = _texts(depth - 1)
    changed = st.builds(Call, st.sampled_from(("lower", "upper", "trim")), st.tuples(below))
    return st.one_of(leaves, changed, _picked(Role.TEXT, below))


def _days(depth: int) -> st.SearchStrategy[Node]:
    leaves = st.builds(Day, days) | _column(Role.TIME)
    return st.one_of(leaves, _picked(Role.TIME, _days(depth - 1))) if depth else leaves


def _truths(depth: int) -> st.SearchStrategy[Node]:
    leaves = st.builds(Truth, st.booleans()) | _column(Role.TRUTH)
    if not depth:
        return leaves
    below = _truths(depth - 1)
    several = st.lists(below, min_size=2, max_size=3).map(tuple)
    found = ("contains", "starts_with", "ends_with")
    return st.one_of(
        _column(Role.TRUTH),
        st.builds(And, several),
        st.builds(Or, several),
        st.builds(Not, below),
        st.builds(Call, st.sampled_from(found), st.tuples(_texts(depth - 1), _texts(depth - 1))),
        _picked(Role.TRUTH, below),
        *(_relations(role, depth - 1) for role in COLUMNS.values()),
    )


def _relations(role: Role, depth: int) -> st.SearchStrategy[Node]:
    of = _typed(role, depth)
    same = st.builds(Compare, st.sampled_from(("=", "!=")), of, of)
    listed = st.builds(In, of, st.lists(of, min_size=1, max_size=3).map(tuple), st.booleans())
    null = st.builds(IsNull, of, st.booleans())
    if role in (Role.TEXT, Role.TRUTH):
        return st.one_of(same, listed, null)
    ordered = st.builds(Compare, st.sampled_from(("<", "<=", ">", ">=")), of, of)
    return st.one_of(same, listed, null, ordered, st.builds(Between, of, of, of, st.booleans()))


def conditions() -> st.SearchStrategy[Condition]:
    """Conditions on metrics of any name."""
    days = durations.filter(lambda length: length.unit not in ("minute", "hour"))
    reading = st.one_of(st.none(), st.builds(Per, st.sampled_from(Grain)), st.builds(Over, days), st.just(Since()))
    return st.builds(
        Condition, any_names, st.none() | any_names, st.sampled_from((">=", "<=", ">", "<", "=")), _signed(), reading
    )


def levels() -> st.SearchStrategy[Level]:
    """Levels, perhaps per a period."""
    return st.builds(Level, _signed(), st.none() | st.sampled_from(Grain))


def _signed() -> st.SearchStrategy[Number]:
    return numbers() | numbers().map(lambda number: Number(-number.value, number.unit))


def changes() -> st.SearchStrategy[Change]:
    """Changes of every kind."""
    points = _signed().map(lambda n: Change("points", Number(n.value / 100, "pt")))
    other = _signed().map(lambda n: Change("relative" if n.unit == "%" else "absolute", n))
    times = decimals.filter(bool).map(lambda n: Change("times", Number(n)))
    within = st.none() | durations
    return st.one_of(points, other, times).flatmap(lambda c: within.map(lambda w: Change(c.kind, c.value, w)))
