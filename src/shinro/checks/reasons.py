"""Reasons: what a number that the record does not have at a claim's ends was taken from."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from shinro.checks.cases import Case, named, valued
from shinro.checks.holding import change
from shinro.checks.quantities import Lean, Quantity, Sort
from shinro.checks.rounding import fits, near
from shinro.problems import Problem
from shinro.series import Mark, Nature

if TYPE_CHECKING:  # a static check reads none, and its import would cost it
    from shinro.findings.claims import Step

YEAR = 12


def reason(case: Case, told: Quantity) -> Problem:
    """Why a number is not told: the first that explains it, else that the record has no such number."""
    return next(_reasons(case, told))


def _reasons(case: Case, told: Quantity) -> Iterator[Problem]:
    found = case.found
    meaning = found.track.meaning
    subject = case.said.subjects(told)[0]
    if subject not in case.recorded:
        yield case.problem("R601", "unrecorded", metric=subject)
    if told.currency and told.currency != (meaning.currency or told.currency):
        yield case.problem("R601", "currency", said=case.said.quote(told.text), currency=meaning.currency)
    if told.sort is Sort.SPAN:
        yield case.problem("R601", "span", said=case.said.quote(told.text), months=_months(case))
    yield from _replaced(case, told)
    yield from _unfinished(case, told)
    if meaning.percent:
        yield from _of_a_share(case, told)
    if told.sort is Sort.AMOUNT:
        yield from _summed(case, told)
    rounded = [step for step in (found.last, found.first) if step.value and near(told, step.value)]
    if rounded and told.lean in (Lean.ABOUT, Lean.NEARLY, Lean.OVER):
        yield case.problem("R601", "rounded", said=case.said.quote(told.text), value=valued(rounded[0].value, meaning))
    yield case.problem("R601", "number", said=case.said.quote(told.text))


def _months(case: Case) -> str:
    least, most = min(case.found.lengths), max(case.found.lengths)
    return str(least) if least == most else f"{least}–{most}"


def _replaced(case: Case, told: Quantity) -> Iterator[Problem]:
    """The value of a period as it stood before it was restated."""
    track = case.found.track
    for step in track.steps:
        for was in step.was:
            if was.value is not None and was.value != step.value and _is(told, was.value, track.meaning.percent):
                yield case.problem(
                    "R613",
                    "old",
                    said=case.said.quote(told.text),
                    on=named(step, track, case.project),
                    old=valued(was.value, track.meaning),
                    new=valued(step.value, track.meaning),
                    published=was.published,
                    restated=step.published or was.published,
                )


def _unfinished(case: Case, told: Quantity) -> Iterator[Problem]:
    """The value of a period that is not over."""
    track = case.found.track
    for step in track.steps:
        if step.mark is not Mark.COMPLETE and step.value is not None and _is(told, step.value, track.meaning.percent):
            yield case.problem("R612", "said", said=case.said.quote(told.text), on=named(step, track, case.project))


def _of_a_share(case: Case, told: Quantity) -> Iterator[Problem]:
    """A share's points told as per cent of it, or its change as a share of where it was."""
    moved, first = abs(change(case.found)), case.found.first.value
    points = f"{float(moved * 100):.1f}"
    if told.sort is Sort.PERCENT and fits(told, moved, 1) and told.lean in (Lean.EXACT, Lean.ABOUT):
        yield case.problem("R606", "points", said=case.said.quote(told.text), points=points)
    if told.sort is Sort.PERCENT and first and near(told, moved / first):
        yield case.problem("R606", "relative", said=case.said.quote(told.text), points=points)


def _summed(case: Case, told: Quantity) -> Iterator[Problem]:
    """Twelve times a month's money; all that a flow ever added."""
    found = case.found
    last, meaning = found.last.value or Fraction(0), found.track.meaning
    if meaning.currency and fits(told, last * YEAR, 1):
        yield case.problem("R610", "year", said=case.said.quote(told.text))
    if meaning.nature is Nature.FLOW:
        window = sum((step.value or Fraction(0) for step in found.path), Fraction(0))
        ever = sum((step.value or Fraction(0) for step in found.track.complete), Fraction(0))
        if any(len(found.path) > 1 and fits(told, total, 1) for total in (window, ever)):
            yield case.problem("R603", "sum", said=case.said.quote(told.text))


def picked(case: Case, told: Quantity, step: Step) -> Problem:
    """A period between, or after, told in place of an end: the highest for the last, the lowest for the first."""
    track = case.found.track
    on, value = named(step, track, case.project), valued(step.value, track.meaning)
    return case.problem("R605", "picked", said=case.said.quote(told.text), on=on, value=value)


def _is(told: Quantity, value: Fraction, share: bool) -> bool:  # noqa: FBT001 - a share is told in per cent
    sorts = (Sort.PERCENT,) if share else (Sort.AMOUNT, Sort.SPAN)
    return told.sort in sorts and fits(told, value) and told.lean is Lean.EXACT
