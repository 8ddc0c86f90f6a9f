"""The periods of an effect: none is left out in time, and what has no number is said; told the same everywhere."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from shinro.analysis.effect import Case
from shinro.analysis.effect_control import Candidate, chosen, parallel_before
from shinro.analysis.effect_periods import MOST_BEFORE, Frame, Track, framed, track
from shinro.definitions.nodes import Text
from shinro.definitions.people import Initiative
from shinro.findings.effects import Effect, Verdict
from shinro.periods import Calendar, Grain, Period
from shinro.problems import Place
from shinro.reports.effect_chart import effect_chart
from shinro.reports.effects import effects_report
from shinro.reports.effects_json import effects_json
from shinro.reports.readings import Telling
from shinro.reports.report import Lines
from shinro.reports.words import words
from shinro.run.effects import effects
from shinro.run.opening import open_project
from shinro.series import Nature, Point
from stories import Story

FIRST, WEEKS, START = date(2024, 5, 6), 110, 95
HEAD = """\
company: A
currency: JPY
timezone: Asia/Tokyo
languages: [ja, en]
sources: {sheet: {type: files, path: data/*.csv}}
metrics:
  score: {label: Score, reported: sheet.w, value: score, every: week, nature: stock, unit: points, better: higher}
  deals: {label: Deals, reported: sheet.w, value: deals, every: week, nature: flow, unit: deals, better: higher}
  share: {label: Share, reported: sheet.w, value: share, every: week, nature: ratio, unit: "%", better: higher}
north_star: {metric: deals}
initiatives:
"""
Numbers = Callable[[int, random.Random], float]
Shown = tuple[Effect, dict[str, Any], str]


def week(number: int) -> Period:
    start = FIRST + timedelta(weeks=number)
    return Period(start, start + timedelta(weeks=1))


def frame(known: Iterable[int], start: int = START) -> Frame:
    initiative = Initiative(name=Text("A", Place("a")), starts=week(start).start)
    points = [Point(week(number), Fraction(number)) for number in known]
    found = framed(points, initiative, Grain.WEEK, Calendar())
    assert found is not None
    return found


def stretch(found: Frame) -> int:
    return found.stretch([None if cut in found.gaps else 1.0 for cut in found.periods])


def still(_: int, chance: random.Random) -> float:
    return chance.gauss(100, 3)


def rising(at: int, chance: random.Random) -> float:
    return 100 + at + chance.gauss(0, 3)


def judged(
    folder: Path, moves: str, gone: Iterable[int] = (), score: Numbers = still, lang: str = "en", head: str = HEAD
) -> Shown:
    """An initiative on a column of a sheet by week, some weeks of which are gone: as found, as JSON, as text."""
    chance, without = random.Random(3), set(gone)  # noqa: S311 - made-up rows
    rows = ["date,score,deals,share"]
    for at in range(WEEKS):
        deals = max(0, round(60 - 0.7 * at + chance.gauss(0, 1.5)))
        share = min(1.0, round(0.25 + 0.0083 * at + chance.gauss(0, 0.004), 4))
        level = round(score(at, chance), 2)
        if at not in without:
            rows.append(f"{week(at).last},{level},{deals},{share}")
    made = Story(folder, datetime(2026, 7, 1, 3, tzinfo=UTC))
    made.write("shinro.yaml", f"{head}  - {{name: A, starts: {week(START).start}, moves: {moves}, expect: +10%}}\n")
    made.write("data/w.csv", "\n".join(rows) + "\n")
    opened = open_project(folder)
    found, telling = effects(opened, made.moment()), Telling(words(lang), opened.project)
    blocks = effects_report(found, telling).blocks
    text = "\n".join(line.text for block in blocks if isinstance(block, Lines) for line in block.lines)
    plain: Any = effects_json(found, telling)["initiatives"]
    return found.effects[0], plain[0], text


def test_a_period_without_a_number_keeps_its_place_in_time() -> None:
    gone = {*range(60, 70), 98}
    found = frame(number for number in range(WEEKS) if number not in gone)
    assert found.periods == tuple(week(number) for number in range(1, START + 13))
    assert found.start == START - 1
    assert found.gaps == {week(number) for number in gone}
    assert len(found.after) == 12
    assert frame(range(WEEKS)).gaps == frozenset()


def test_a_past_that_is_cut_within_a_gap_begins_with_a_number() -> None:
    start = MOST_BEFORE + 20
    found = frame((number for number in range(start + 13) if not 10 <= number < 30), start)
    assert found.periods[0] == week(30)
    assert not found.gaps


def test_the_stretch_before_the_start_is_as_long_as_what_is_known_after_it() -> None:
    assert stretch(frame(range(WEEKS))) == START - 1 - 13
    assert stretch(frame(number for number in range(WEEKS) if not 80 <= number < START)) == 79 - 13
    assert stretch(frame(number for number in range(WEEKS) if number not in (100, 101))) == START - 1 - 11
    assert stretch(frame(range(START + 1))) == START - 1 - 1


@pytest.mark.parametrize("days", [0, 2])
def test_a_control_can_be_judged_where_the_start_splits_a_week_and_four_come_after_it(days: int) -> None:
    initiative = Initiative(name=Text("A", Place("a")), starts=week(START).start + timedelta(days=days))
    points = [Point(week(number), Fraction(100 + number * 7919 % 13)) for number in range(START + 4 + bool(days))]
    found = framed(points, initiative, Grain.WEEK, Calendar())
    assert found is not None
    line = track(points, found, Nature.FLOW, Calendar(), accrues=True)
    begins = found.stretch(line.values)
    assert sum(value is not None for value in line.values[begins : found.start]) == len(found.after) == 4
    other = tuple(value and value * 1.1 + 3 for value in line.values)
    assert parallel_before(Case(line.values, found.start, (other,), (), line.noise), begins) is not None


def test_a_week_in_which_nobody_works_counts_in_no_stretch() -> None:
    off = frozenset(week(START - 2).start + timedelta(days=day) for day in range(5))
    calendar, found = Calendar(days_off=off), frame(range(WEEKS))
    points = [Point(week(number), Fraction(100)) for number in range(WEEKS)]
    values = track(points, found, Nature.FLOW, calendar, accrues=True).values
    assert found.stretch(values) == START - 1 - 14


def test_a_control_is_asked_for_the_weeks_alone_in_which_the_kpi_has_a_number() -> None:
    found = frame(number for number in range(WEEKS) if number not in (98, 99))
    chance = random.Random(1)  # noqa: S311 - made-up rows
    ones = (1.0,) * len(found.periods)
    numbers = [tuple(None if cut in found.gaps else chance.gauss(100, 3) for cut in found.periods) for _ in range(2)]
    own, twin = (Track(values, ones) for values in numbers)
    assert chosen(own, [Candidate("score", (), twin, twin=True)], found, 52) is not None


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_trend_goes_on_through_a_gap_before_the_start(tmp_path: Path, lang: str) -> None:
    effect, plain, text = judged(tmp_path, "score", range(69, START), rising, lang)
    assert effect.verdict is not Verdict.WORKED
    assert effect.estimate is not None
    assert effect.estimate.without == pytest.approx(100 + START + 6, abs=8)
    assert (effect.before, effect.missing, effect.after) == (68, 26, 13)
    assert (plain["periods_before"], plain["periods_missing"], plain["periods_after"]) == (68, 26, 13)
    assert (
        "26週間分に数字がありません" if lang == "ja" else "No number for 26 weeks between the first and the last"
    ) in text
    assert len(plain["series"]) == 68 + 26 + 13
    assert sum(sight["actual"] is None for sight in plain["series"]) == 26


def test_a_week_after_the_start_without_a_number_is_said(tmp_path: Path) -> None:
    effect, plain, text = judged(tmp_path, "score", {98}, still)
    assert (effect.before, effect.missing, effect.after) == (94, 1, 12)
    assert "No number for 1 week between" in text
    assert plain["effect"]["total"] is None  # of what stands there is no sum


def test_a_whole_series_has_nothing_missing(tmp_path: Path) -> None:
    effect, plain, text = judged(tmp_path, "score", (), still)
    assert (effect.missing, plain["periods_missing"]) == (0, 0)
    assert "No number" not in text


def test_a_week_in_which_nobody_works_is_not_without_a_number(tmp_path: Path) -> None:
    off = ", ".join(str(week(60).start + timedelta(days=day)) for day in range(5))
    effect, plain, text = judged(tmp_path, "deals", {98}, head=f"days_off: [{off}]\n{HEAD}")
    assert (effect.before, effect.missing, effect.after) == (93, 1, 12)
    assert plain["periods_missing"] == 1
    assert "No number for 1 week between" in text


@pytest.mark.parametrize(
    ("moves", "key", "says"),
    [("deals", "effect.below", "fallen below 0"), ("share", "effect.above", "risen above 100 %")],
)
def test_where_the_past_leads_beyond_what_can_be_nothing_is_told(
    tmp_path: Path, moves: str, key: str, says: str
) -> None:
    effect, plain, text = judged(tmp_path, moves)
    assert (effect.verdict, effect.estimate, effect.expected) == (Verdict.CANNOT_TELL, None, None)
    assert [remark["key"] for remark in plain["remarks"]] == [key]
    assert (plain["effect"], plain["expected"], plain["star"], plain["series"]) == (None, None, None, [])
    assert says in text
    assert effect_chart(effect, Telling(words("en"), open_project(tmp_path).project)) is None
