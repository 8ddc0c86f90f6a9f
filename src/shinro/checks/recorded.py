"""Recorded: why a written claim is not told, by the record: each number, each end, the window, what was restated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from shinro.checks import tall
from shinro.checks.cases import Case, case_of, named, valued
from shinro.checks.dated import Dated
from shinro.checks.holding import Held, Role, change
from shinro.checks.quantities import Quantity, Sort
from shinro.checks.reasons import picked, reason
from shinro.checks.rounding import fits
from shinro.checks.sentences import Sentence
from shinro.checks.windows import FEW, SHORT, declared, peak, trough
from shinro.definitions.project import Project
from shinro.definitions.story import Said, Traction
from shinro.periods import Duration
from shinro.problems import Problem, problem
from shinro.series import SMALL, Mark, Nature

if TYPE_CHECKING:  # a static check reads none, and its import would cost it
    from shinro.findings.claims import Step, Track

TINY = 10  # a share of fewer says little: Wilson's interval at a half is 50 points wide


def recorded(
    said: Said, words: Sentence, traction: Traction, paths: Mapping[str, Track], project: Project
) -> Iterator[Problem]:
    """What the record says against one sentence of a claim that has its KPI, start and end."""
    case = case_of(said, words, traction, paths, project)
    if case is None:
        yield problem(
            "R601", said.at("says"), case="unrecorded", metric=words.metric, starts=said.starts, ends=said.ends
        )
        return
    yield from _ends(case)
    yield from _numbers(case)
    yield from _order(case)
    yield from _dates(case)
    yield from _window(case)
    yield from _small(case)


def _ends(case: Case) -> Iterator[Problem]:
    """Both ends are final and of one definition, and what was restated is named."""
    track = case.found.track
    if redefined(case.found.first, case.found.last):
        yield case.problem("R613", "redefined")
    for step in (case.found.first, case.found.last):
        if step.mark is not Mark.COMPLETE and not tall.NOT_FINAL.search(case.said.text):
            yield case.problem(
                "R612", "said", said=valued(step.value, track.meaning), on=named(step, track, case.project)
            )
        old = next((was for was in step.was if was.value != step.value), None)
        if old and not tall.RESTATED.search(case.said.text):
            yield case.problem(
                "R613",
                "unnamed",
                on=named(step, track, case.project),
                old=valued(old.value, track.meaning),
                new=valued(step.value, track.meaning),
                published=old.published,
                restated=step.published or old.published,
            )


def redefined(first: Step, last: Step) -> bool:
    """Whether two steps were measured by two definitions, as far as the record says by which."""
    return bool(first.definition and last.definition) and first.definition != last.definition


def _numbers(case: Case) -> Iterator[Problem]:
    """Each number is one of the record's; a share's multiple and growth only beside both of its ends."""
    percent = case.found.track.meaning.percent
    for told, each in zip(case.said.quantities, case.numbers, strict=True):
        if each is None:
            found = reason(case, told)
            if not _may_stand(case, found):
                yield found
        elif each.role is Role.INNER and each.step and not _is_in_place(case, each.step):
            yield picked(case, told, each.step)
        elif each.role is Role.TIMES and percent and not case.both:
            yield case.problem(
                "R606",
                "relative",
                said=case.said.quote(told.text),
                points=f"{float(abs(change(case.found)) * 100):.1f}",
            )


def _may_stand(case: Case, found: Problem) -> bool:
    """A share's growth beside both of its ends; a value that was restated, where the sentence says that it was."""
    if found.code == "R606":
        return found.args["case"] == "relative" and case.both
    return found.code == "R613" and bool(tall.RESTATED.search(case.said.text))


def _is_in_place(case: Case, step: Step) -> bool:
    """Whether a middle value may be told: between both ends, or with its month's name beside the last one."""
    if case.both:
        return True
    year_ago = bool(tall.A_YEAR_AGO.search(case.said.text)) and step == case.found.year_before()
    return case.tells(Role.LAST) and (year_ago or any(_is_on(each, step) for each in case.said.dates))


def _is_on(dated: Dated, step: Step) -> bool:
    """Whether a named month or year is that of a step."""
    last = step.period.end - timedelta(days=1)
    months = {(step.period.start.year, step.period.start.month), (last.year, last.month)}
    return any(dated.year in (None, year) and dated.month in (None, month) for year, month in months)


def _order(case: Case) -> Iterator[Problem]:
    """From where it started to where it ended, and up where it went up."""
    own = (case.found.first, case.found.last)
    ends = [each for each in case.numbers if each and each.role in (Role.FIRST, Role.LAST) and each.step in own]
    for before, after in pairwise(ends):
        between = case.said.text[before.told.end : after.told.start]
        turned = before.role is Role.LAST and after.role is Role.FIRST
        if turned and change(case.found) and not tall.BACKWARDS.search(between) and not _from_last(case, before):
            yield case.problem(
                "R601", "reversed", said=f"{case.said.quote(before.told.text)} → {case.said.quote(after.told.text)}"
            )
    if not case.said.others and not case.both:
        yield from _direction(case)


def _from_last(case: Case, before: Held) -> bool:
    return bool(tall.BACKWARDS.search(case.said.text[: before.told.start][-6:]))


def _direction(case: Case) -> Iterator[Problem]:
    moved, text = change(case.found), case.said.text
    up, down = bool(tall.UP.search(text)), bool(tall.DOWN.search(text))
    wrong_way = (up and not down and moved < 0) or (down and not up and moved > 0)
    worse = bool(tall.BETTER.search(text)) and moved * case.found.good < 0
    if wrong_way or worse:
        yield case.problem("R601", "direction")


def _dates(case: Case) -> Iterator[Problem]:
    """Each month that is named lies in the window, or is a milestone's or of a value that is told."""
    known = [*case.found.path, *(each.step for each in case.numbers if each and each.step)]
    before = case.found.year_before()
    known += [before] if before and tall.A_YEAR_AGO.search(case.said.text) else []
    yield from _misdated(case)
    for dated in case.said.dates:
        names = (dated.year or dated.month) and not tall.AIMED.search(case.said.text)
        if names and not any(_is_on(dated, step) for step in known):
            yield case.problem("R601", "date", said=case.said.quote(dated.text).strip(" ,."))


def _misdated(case: Case) -> Iterator[Problem]:
    """A value that stands right beside a month's name is that month's."""
    track = case.found.track
    for dated in case.said.dates:
        on = [step for step in track.steps if dated.month and _is_on(dated, step)]
        for told, each in zip(case.said.quantities, case.numbers, strict=True):
            own = each is not None and each.step in track.steps and _is_beside(case.said.text, dated, told)
            if own and on and not any(step.value is not None and fits(told, step.value) for step in on):
                yield case.problem(
                    "R601", "misdated", said=case.said.quote(told.text), on=case.said.quote(dated.text).strip(" ,.")
                )


def _is_beside(text: str, dated: Dated, told: Quantity) -> bool:
    before, after = text[dated.end : told.start], text[told.end : dated.start]
    return bool(
        (dated.end <= told.start and tall.OF_MONTH.match(before))
        or (told.end <= dated.start and tall.IN_MONTH.match(after))
    )


def _window(case: Case) -> Iterator[Problem]:
    """Three points or more, no part of the declared window that looks better than the whole, no best month."""
    found, project = case.found, case.project
    length = case.traction.period.duration if case.traction.period else None
    if len(found.measured) < FEW and found.first.mark is found.last.mark is Mark.COMPLETE:
        yield case.problem("R605", "few", points=len(found.measured))
        return
    wide = declared(found, length)
    lowest, newest = trough(found, wide), peak(found)
    if lowest and not _is_start(case):
        args = {"on": named(lowest, found.track, project), "value": valued(lowest.value, found.track.meaning)}
        yield case.problem("R605", "trough", **args)
    elif length and len(wide) > len(found.path) and max(found.lengths) < SHORT:
        yield case.problem("R605", "window", months=Duration(max(found.lengths), "month"), declared=length)
    if newest:
        args = {"on": named(newest, found.track, project), "value": valued(newest.value, found.track.meaning)}
        yield case.problem("R605", "peak", **args)
    high = tall.HIGHEST.search(case.said.text)
    values = [(step.value or 0) * found.good for step in found.track.complete]
    if high and values and (found.last.value or 0) * found.good < max(values):
        yield case.problem("R601", "superlative", said=case.said.quote(high[0]))


def _is_start(case: Case) -> bool:
    """Whether a claim starts where the story does, or where its milestone was declared: nobody picked that month."""
    story, milestone = case.project.story, case.milestone
    days = [story.starts if story else None, milestone.declared if milestone else None]
    return any(day in case.found.first.period for day in days if day)


def _small(case: Case) -> Iterator[Problem]:
    """How much it grew is no news where it grew from next to nothing, and a share of a few is told with the few."""
    meaning, first = case.found.track.meaning, case.found.first
    counted = meaning.nature in (Nature.FLOW, Nature.STOCK) and not meaning.currency
    grown = case.tells(Role.TIMES, Role.GROWTH) and not case.tells(Role.FIRST, Role.LAST)
    if counted and grown and first.value is not None and first.value < SMALL:
        yield case.problem("R611", "growth")
    bases = [step.base for step in (first, case.found.last) if step.base is not None]
    told = any(each.sort in (Sort.PERCENT, Sort.POINTS, Sort.TIMES) for each in case.said.quantities)
    if meaning.percent and bases and min(bases) < TINY and told and not case.tells(Role.PART):
        yield case.problem("R611", "share", n=min(bases))
