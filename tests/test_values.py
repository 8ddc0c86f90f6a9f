from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any
from unicodedata import normalize

import pytest

from shinro.definitions.expression import Name as Named
from shinro.definitions.nodes import Node, read_nodes
from shinro.definitions.phrases import Per
from shinro.definitions.shapes import Readable
from shinro.definitions.tokens import Mistake
from shinro.definitions.values import (
    Amount,
    Column,
    Due,
    Expect,
    Formula,
    Goal,
    Label,
    Name,
    Ref,
    Span,
    Where,
)
from shinro.periods import Duration, Grain
from shinro.problems import Place

EVERY: tuple[type[Readable], ...] = (Label, Ref, Name, Column, Formula, Where, Goal, Amount, Expect, Span, Due)


def node(text: str) -> Node:
    top, problems = read_nodes(f"a: {text}\n", "a.yaml")
    assert problems == ()
    return top.entries[0][1]


def mistake(shape: Callable[[Node], Any], text: str) -> tuple[str, str]:
    with pytest.raises(Mistake) as caught:
        shape(node(text))
    return caught.value.problem.code, str(caught.value.problem.place)


def test_a_label_in_one_language_stands_for_all() -> None:
    label = Label.from_node(node("育成"))
    assert (label.in_("ja"), label.in_("en")) == ("育成", "育成")


def test_a_label_falls_back_to_the_language_it_has() -> None:
    label = Label.from_node(node("{en: Nurturing}"))
    assert (label.in_("ja"), label.in_("en")) == ("Nurturing", "Nurturing")
    assert Label.from_node(node("{}")).in_("ja") == ""


@pytest.mark.parametrize(
    ("text", "ref", "said"),
    [
        ("leads", Ref("leads"), "leads"),
        ("revenue.mrr", Ref("revenue", "mrr"), "revenue.mrr"),
        ("返信率", Ref("返信率"), "返信率"),
        ("コール・数", Ref("コール・数"), "コール・数"),
    ],
)
def test_a_reference_is_a_name_or_two(text: str, ref: Ref, said: str) -> None:
    found = Ref.from_node(node(text))
    assert (found, str(found)) == (ref, said)


def test_a_name_of_any_script() -> None:
    assert [str(Name.from_node(node(text))) for text in ("leads", "Leads_2", "返信率", "é")] == [
        "leads", "Leads_2", "返信率", "é"
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["and", "NOT", "previous", "2nd", "a-b", "a b", "a.b", "🚀", "'a '"])
def test_what_formulas_could_not_use_is_no_name(text: str) -> None:
    assert mistake(Name.from_node, text)[0] == "S122"


@pytest.mark.parametrize("kind", [Name, Ref])
def test_a_name_with_its_marks_apart_is_told_as_that(kind: type[Name | Ref]) -> None:
    with pytest.raises(Mistake) as told:
        kind.from_node(node(normalize("NFD", "ガス_é")))
    assert told.value.problem.args == {"case": "parted", "found": "ガス_é"}


@pytest.mark.parametrize("text", ["a.b.c", "a b", "1", ".a", "a."])
def test_what_is_no_reference(text: str) -> None:
    assert mistake(Ref.from_node, text)[0] == "S122"


def test_a_column_has_its_table_and_may_have_any_name() -> None:
    found = Column.from_node(node("'contacts.`lead id`'"))
    assert (found.table, found.column, str(found)) == ("contacts", "lead id", "contacts.lead id")


@pytest.mark.parametrize("text", ["lead_id", ".lead_id", "contacts."])
def test_a_column_without_its_table(text: str) -> None:
    assert mistake(Column.from_node, text) == ("S123", "a.yaml:1:4")


def test_a_formula_and_a_where_keep_their_text_and_place() -> None:
    formula = Formula.from_node(node("won / leads"))
    assert (str(formula.text), formula.text.place) == ("won / leads", Place("a.yaml", 1, 4))
    assert Formula.from_node(node("leads")).node == Named("leads")
    assert Where.from_node(node("kind = 'call'")) == Where.from_node(node("kind='call'"))


def test_a_goal_is_a_condition_or_words() -> None:
    goal = Goal.from_node(node("leads >= 80 per month"))
    assert goal.condition is not None
    assert goal.condition.reading == Per(Grain.MONTH)
    words = Goal.from_node(node("展示会出展"))
    assert (words.condition, words.place) == (None, Place("a.yaml", 1, 4))


def test_amounts_changes_spans_and_dates_are_read() -> None:
    amount = Amount.from_node(node("20万円"))
    assert (amount.level.number.value, amount.place) == (Fraction(200_000), Place("a.yaml", 1, 4))
    assert Expect.from_node(node("+80 in 1 month")).change.within == Duration(1, "month")
    assert Span.from_node(node("6 weeks")).duration == Duration(6, "week")
    assert Due.from_node(node("2026-09-30")).day(None) == date(2026, 9, 30)


def test_a_date_from_the_start_needs_a_start() -> None:
    due = Due.from_node(node("+3 months"))
    assert due.day(date(2026, 4, 1)) == date(2026, 7, 1)
    assert due.day(None) is None


@pytest.mark.parametrize(
    ("shape", "text", "code", "place"),
    [
        (Label, "{fr: x}", "S121", "a.yaml:1:5"),
        (Label, "[x]", "S113", "a.yaml:1:4"),
        (Formula, "leads ^ 2", "Q102", "a.yaml:1:10"),
        (Where, "kind = 'call' or", "Q122", "a.yaml:1:20"),
        (Goal, "leads >= ", "Q122", "a.yaml:1:12"),
        (Amount, "many", "Q109", "a.yaml:1:4"),
        (Expect, "80", "Q111", "a.yaml:1:4"),
        (Span, "long", "Q112", "a.yaml:1:4"),
        (Due, "soon", "Q129", "a.yaml:1:4"),
    ],
)
def test_a_mistake_stands_where_its_character_stands(shape: Any, text: str, code: str, place: str) -> None:
    assert mistake(shape.from_node, text) == (code, place)


@pytest.mark.parametrize("shape", EVERY)
def test_nothing_is_no_value(shape: Any) -> None:
    assert mistake(shape.from_node, "") == ("S115", "a.yaml:1:3")


@pytest.mark.parametrize("shape", EVERY)
def test_every_value_has_a_schema_of_text(shape: type[Readable]) -> None:
    assert "string" in str(shape.schema())
