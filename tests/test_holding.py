"""Holding: which number of a published path one told in a sentence may stand for, by unit and by words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from checking import project_of
from claiming import said_of
from shinro.checks.telling import refusals
from shinro.definitions.meaning import meaning_of, meanings
from shinro.findings.claims import Step, Track
from shinro.periods import Grain, Period
from shinro.series import Mark

TEXT = """\
company: Hoshizora
currency: JPY
sources: {app: {type: files, path: data/*.csv}}
tables:
  orders: {from: app.orders, key: id, time: at}
metrics:
  ltv_cac: {label: LTV/CAC, reported: app.ratio, value: n, every: month, unit: times, better: higher}
  runway: {label: ランウェイ, reported: app.cash, value: n, every: month, unit: months, better: higher}
  lead_time: {label: {ja: 日数, en: Days}, reported: app.lead, value: n, every: month, unit: days, better: lower}
  orders: {label: {ja: 注文数, en: Orders}, count: orders}
  costs: {label: {ja: 費用, en: Costs}, reported: app.costs, value: n, every: month, unit: JPY, better: lower}
milestones: [{id: m6, by: 2026-09-30, reach: [orders >= 200 per month]}]
traction: [{audience: investors, headline: orders}]
"""
PROJECT = project_of(TEXT)
FIRST = date(2025, 5, 1)
VALUES: dict[str, Iterable[int | str]] = {
    "ltv_cac": ["3/2", *["2"] * 16, "3"],
    "runway": [6, *[10] * 16, 18],
    "lead_time": [70, *[60] * 16, 35],
    "orders": [100 + 10 * n for n in range(18)],  # 100 in May 2025, 150 in October 2025, 270 in October 2026
    "costs": [400 - 10 * n for n in range(18)],
}
WHOLE = (FIRST, date(2026, 10, 31))
HALF = (date(2026, 5, 1), date(2026, 10, 31))  # six months; orders 220 to 270


def path(metric: str, values: Iterable[int | str], grain: Grain = Grain.MONTH) -> Track:
    calendar = PROJECT.calendar
    start = calendar.period(FIRST, grain)
    steps = (Step(calendar.step(start, grain, n), Fraction(value), n) for n, value in enumerate(values))
    return Track(meaning_of(metric, meanings(PROJECT)), grain, tuple(steps))


PATHS = {metric: path(metric, values) for metric, values in VALUES.items()}


def cases(metric: str, days: tuple[date, date], says: str, track: Track | None = None) -> list[str]:
    (traction,) = PROJECT.traction
    paths = {**PATHS, metric: track} if track else PATHS
    found = refusals(said_of(says, metric, *days), traction, paths, PROJECT)
    return [f"{problem.code} {problem.args['case']}" for problem in found]


@pytest.mark.parametrize(
    ("metric", "days", "says"),
    [
        ("ltv_cac", WHOLE, "LTV/CACは1.5倍から3.0倍に"),
        ("ltv_cac", WHOLE, "LTV/CAC doubled to 3x"),
        ("runway", WHOLE, "Runway (ランウェイ) went from 6 months to 18 months"),
        ("runway", WHOLE, "ランウェイは半年から1年半ではなく18か月に"),
        ("lead_time", WHOLE, "Days to close fell from 10 weeks to 5 weeks"),
        ("lead_time", WHOLE, "日数は70日から35日に半減"),
        ("lead_time", WHOLE, "We close twice as fast: 35 days"),
        ("orders", HALF, "注文数は前年同月の150件から270件へ、80%増"),
        ("orders", HALF, "Orders are up 80% year on year, to 270"),
        ("orders", HALF, "Orders are 1.35x of target, at 270"),
        ("orders", HALF, "注文数は270件で、目標の135%"),
        ("orders", HALF, "In 26 weeks orders rose to 270"),
        ("orders", HALF, "1,470 orders in all over six months, 270 of them in October"),
        ("orders", HALF, "Orders grew 4.2% a month on average"),
        ("orders", HALF, "月平均10件増え、注文数は270件"),
        ("costs", WHOLE, "費用は400円から230円に、43%減"),
    ],
)
def test_a_number_may_be_any_that_the_path_has(metric: str, days: tuple[date, date], says: str) -> None:
    assert cases(metric, days, says) == []


@pytest.mark.parametrize(
    ("metric", "days", "says", "case"),
    [
        ("ltv_cac", WHOLE, "LTV/CAC of 4x", "R601 number"),
        ("runway", WHOLE, "Runway of 24 months", "R601 span"),
        ("orders", HALF, "Orders are up 120% year on year", "R601 number"),
        ("orders", HALF, "In 13 weeks orders rose to 270", "R601 span"),
        ("orders", HALF, "Orders reached 270 five minutes ago", "R601 number"),
        ("costs", WHOLE, "費用は増加し230円に", "R601 direction"),
        ("costs", WHOLE, "Costs got better by more than half", "R601 wordless"),
        ("orders", HALF, "注文数は悪化せず改善、9割減の270件", "R601 number"),
    ],
)
def test_and_no_other(metric: str, days: tuple[date, date], says: str, case: str) -> None:
    assert case in cases(metric, days, says)


def test_what_has_no_such_number_is_no_such_number() -> None:
    assert cases("orders", HALF, "Orders rose 5 points to 270") == ["R601 number"]
    share = replace(PATHS["orders"], meaning=replace(PATHS["orders"].meaning, percent=True))
    assert cases("orders", HALF, "220 of 270", share) == ["R601 number", "R601 number"]
    from_nothing = path("orders", [0, *range(1, 18)])
    assert cases("orders", WHOLE, "Orders went from 0 to 17", from_nothing) == []
    assert cases("orders", WHOLE, "Orders grew 17x", from_nothing) == ["R601 number"]
    assert cases("orders", WHOLE, "Orders grew 1,700%", from_nothing) == ["R601 number"]


def test_improving_is_the_way_that_is_good() -> None:
    assert cases("costs", WHOLE, "費用が改善し230円に") == []
    worse = path("costs", [100 + n for n in range(18)])
    assert cases("costs", WHOLE, "費用が改善し117円に", worse) == ["R601 direction"]


def test_quarters_and_weeks_have_their_own_lengths() -> None:
    quarters = path("orders", [100, 140, 180, 220, 260, 300], Grain.QUARTER)
    days = (date(2025, 4, 1), date(2026, 9, 30))
    assert cases("orders", days, "Over six quarters orders went from 100 to 300", quarters) == []
    assert cases("orders", days, "Over 18 months orders went from 100 to 300", quarters) == []
    weeks = path("orders", range(100, 152), Grain.WEEK)
    year = (weeks.steps[0].period.start, weeks.steps[-1].period.last)
    assert cases("orders", year, "In a year of weeks, 1 year, orders went from 100 to 151", weeks) == []


def test_an_end_without_a_value_is_no_end() -> None:
    unknown = replace(PATHS["orders"].steps[-1], value=None, mark=Mark.UNKNOWN)
    track = replace(PATHS["orders"], steps=(*PATHS["orders"].steps[:-1], unknown))
    assert cases("orders", HALF, "270 orders", track) == ["R601 unrecorded"]
    gap = replace(PATHS["orders"], steps=(*PATHS["orders"].steps[:12], *PATHS["orders"].steps[14:]))
    assert cases("orders", (date(2026, 5, 1), date(2026, 10, 31)), "270 orders", gap) == ["R601 unrecorded"]
    assert Period(date(2026, 5, 1), date(2026, 6, 1)) not in [step.period for step in gap.steps]


def test_two_definitions_are_not_compared() -> None:
    steps = PATHS["orders"].steps
    first = [replace(step, definition="a") for step in steps[:12]]
    track = replace(PATHS["orders"], steps=(*first, *(replace(step, definition="b") for step in steps[12:])))
    assert cases("orders", WHOLE, "Orders went from 100 to 270", track) == ["R613 redefined"]
    assert cases("orders", HALF, "Orders went from 220 to 270", track) == []
