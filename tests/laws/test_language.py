"""Laws of the expression language; `SHINRO_EXAMPLES=10000 pytest tests/laws/test_language.py` tries 10,000 of each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from shinro.definitions import grammar, phrases, printing
from shinro.definitions.evaluate import value
from shinro.definitions.expression import And, Name, Node, Not, Or, names
from shinro.definitions.roles import types
from shinro.definitions.tokens import Mistake, Source
from shinro.loads import Role
from shinro.periods import Duration
from shinro.problems import Place, Problem
from strategies import COLUMNS, MANY, changes, conditions, durations, formulas, levels, nodes, rows, wheres

WIDE = str.maketrans("0123456789.%+-*/()", "０１２３４５６７８９．％＋－×÷（）")
WORDS = [
    *"+-*/<>=(),.'\"`¥%「；",
    *(
        "and",
        "or",
        "not",
        "in",
        "between",
        "is",
        "null",
        "true",
        "previous",
        "lower",
        "least",
        "a",
        "件数",
        "1,000",
        "5%",
    ),
    *(
        "2pt",
        "2026-04-01",
        "2026-13-01",
        "2026/4/1",
        "万",
        "円",
        "社",
        "<=",
        "!=",
        "per",
        "month",
        "over",
        "3か月",
        "since",
        " ",
    ),
]


def read(text: str) -> Node:
    return grammar.expression(Source(text))


@MANY
@given(nodes())
def test_what_is_printed_is_read_back_as_the_same_tree(node: Node) -> None:
    assert read(printing.text(node)) == node


@MANY
@given(nodes())
def test_every_name_stands_where_it_says(node: Node) -> None:
    text = printing.text(node)
    for name in names(read(text)):
        assert text[name.at :].startswith(printing.text(name))


@MANY
@given(wheres())
def test_a_condition_that_makes_sense_is_accepted_with_the_types_of_its_columns(node: Node) -> None:
    assert grammar.where(printing.text(node)) == node
    found = types(node)
    assert set(found) == set(names(node))
    assert all(role in (COLUMNS[column.path], Role.ANY) for column, role in found.items())


@MANY
@given(formulas())
def test_full_width_signs_and_digits_read_like_their_twins_and_keep_the_columns(node: Node) -> None:
    text = printing.text(node)
    plain, wide = grammar.formula(text), grammar.formula(text.translate(WIDE))
    assert plain == wide == node
    assert [name.at for name in names(plain)] == [name.at for name in names(wide)]


@MANY
@given(st.lists(st.sampled_from(WORDS), max_size=12).map("".join) | st.text(max_size=20))
def test_whatever_is_written_is_read_or_refused_at_a_place_inside_it(text: str) -> None:
    readers = (grammar.where, grammar.formula, phrases.condition, phrases.change, phrases.level, phrases.due)
    for problem in filter(None, (refused(reader, text) for reader in readers)):
        line, caret = problem.hint or ("", -1)
        assert 0 <= caret <= len(line)
        assert line in text
        assert problem.place.line == 7


def refused(reader: Callable[[str, Place], object], text: str) -> Problem | None:
    try:
        reader(text, Place("shinro.yaml", 7, 3))
    except Mistake as mistake:
        return mistake.problem
    return None


@MANY
@given(wheres(), rows())
def test_a_condition_is_true_or_false_or_unknown_and_its_text_means_the_same(
    node: Node, row: dict[str, object]
) -> None:
    found = value(node, row)
    assert found in (True, False, None)
    assert value(grammar.where(printing.text(node)), row) is found


@MANY
@given(wheres(2), wheres(2), rows())
def test_not_both_is_either_not(one: Node, other: Node, row: dict[str, object]) -> None:
    assert value(Not(And((one, other))), row) is value(Or((Not(one), Not(other))), row)


@MANY
@given(wheres(2), rows())
def test_a_column_that_is_not_read_changes_nothing(node: Node, row: dict[str, object]) -> None:
    read_columns = {name.path for name in names(node)}
    assert value(node, {column: row[column] for column in read_columns}) is value(node, row)


@MANY
@given(conditions())
def test_a_printed_condition_is_read_back(condition: phrases.Condition) -> None:
    assert phrases.is_condition(phrases.text(condition))
    assert phrases.condition(phrases.text(condition)) == condition


@MANY
@given(changes())
def test_a_printed_change_is_read_back(change: phrases.Change) -> None:
    assert phrases.change(phrases.text(change)) == change


@MANY
@given(levels())
def test_a_printed_level_is_read_back(level: phrases.Level) -> None:
    assert phrases.level(phrases.text(level)) == level


@given(durations)
def test_a_printed_length_of_time_is_read_back(duration: Duration) -> None:
    assert phrases.duration(phrases.text(duration)) == phrases.due(phrases.text(duration)) == duration


@given(st.dates())
def test_a_printed_day_is_read_back(day: date) -> None:
    assert phrases.due(phrases.text(day)) == day


@given(st.text(min_size=1).filter(lambda t: "\0" not in t))
def test_any_name_can_be_written(name: str) -> None:
    assert read(printing.name_text(name)) == Name(name)
