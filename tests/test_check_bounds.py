"""Bounds of planning: those that leave nothing, those that say nothing; what is written wins over what is assumed."""

from __future__ import annotations

from fractions import Fraction

import pytest

from checking import facts_of
from judging import problems
from planning import NOW, STORY, footing_of
from shinro.analysis.backplan import search_of
from shinro.analysis.planned import drafted
from shinro.checks.bounds import RULES
from shinro.problems import Severity

BEFORE, AFTER = STORY.split("    new_trials: {at_most: 20 per month}\n")


def bounded(bound: str) -> str:
    return f"{BEFORE}    new_trials: {bound}\n{AFTER}"


@pytest.mark.parametrize(
    ("bound", "case", "severity"),
    [
        ("{at_least: 8, at_most: 5}", "crossed", Severity.ERROR),
        ("{at_least: 3 per week, at_most: 12 per month}", "crossed", Severity.ERROR),
        ("{at_least: 3 per week, at_most: 13 per month}", None, None),
        ("{at_most: -3}", "below", Severity.ERROR),
        ("{at_most: 0}", None, None),
        ("{at_least: 5, at_most: 5}", None, None),
        ("{}", "empty", Severity.WARNING),
    ],
)
def test_bounds_that_leave_nothing_are_errors(bound: str, case: str | None, severity: Severity | None) -> None:
    found = problems(RULES, facts_of(bounded(bound)), "M414")
    assert [(each.args["case"], each.severity) for each in found] == ([(case, severity)] if case else [])


@pytest.mark.parametrize("most", [0, 1, 2, 3])
def test_a_written_bound_is_never_lifted_by_an_assumed_one(most: int) -> None:
    values = {**NOW, "new_trials": [8]}
    draft = drafted(search_of(footing_of(bounded(f"{{at_most: {most}}}"), values)))
    (lever,) = [each for each in draft.levers if each.lever.metric == "new_trials"]
    assert lever.lever.limit == most
    assert set(lever.path) == {Fraction(most)}


def test_no_whole_thing_lies_between_two_numbers() -> None:
    found = [
        problems(
            RULES, facts_of(STORY.replace("    new_trials: {at", f"    trials: {bound}\n    new_trials: {{at")), "M414"
        )
        for bound in ("{at_least: 3.5, at_most: 3.9}", "{at_least: 3.5, at_most: 4}")
    ]
    assert [[each.args["case"] for each in one] for one in found] == [["whole"], []]


def test_a_written_bound_from_below_is_never_lowered_by_an_assumed_one() -> None:
    (room,) = [each for each in footing_of(bounded("{at_least: 30}")).rooms if each.metric == "new_trials"]
    assert room.low == room.high == 30
