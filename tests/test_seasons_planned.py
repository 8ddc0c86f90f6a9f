"""Seasons in plans: a driver that is held at a level still has its months."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from fractions import Fraction
from math import cos, pi
from pathlib import Path

import numpy as np
import pytest

from planning import NOW, STORY, Value, bearings_of, footing_of
from shinro.analysis.backplan import search_of
from shinro.analysis.planned import drafted, unchanged, values_of
from shinro.analysis.plans import plan_of
from shinro.definitions.meaning import meanings
from shinro.findings.plans import Plan
from shinro.reports.plans import plan_report
from shinro.reports.plans_json import plan_json, what_if_json
from shinro.reports.readings import Telling
from shinro.reports.whatif import what_if_report
from shinro.reports.words import words
from shinro.run.backplans import Asked, back
from shinro.run.whatifs import suppose
from stories import Story
from test_plan_reports import said as said_of

TEXT = re.sub(r"milestones:(\n  -.*)+", "milestones:\n  - {id: m8, by: +8 months, reach: [GOAL]}", STORY)
RNG = np.random.default_rng(2)


def trials(years: int = 3) -> list[Value]:
    """A hundred trials a month, a half more in January and fewer in July; the last month is December."""
    noise = np.exp(RNG.normal(0, 0.03, 12 * years))
    return [round(100 * (1.5 ** cos(2 * pi * n / 12)) * float(each)) for n, each in enumerate(noise)]


VALUES = {**NOW, "new_trials": trials()}


def text_of(goal: str, bound: str = "300") -> str:
    return TEXT.replace("GOAL", goal).replace("at_most: 20 per month", f"at_most: {bound} per month")


def plan(goal: str, bound: str = "300") -> Plan:
    text = text_of(goal, bound)
    project = bearings_of(text, VALUES).project
    return plan_of(project, meanings(project), footing_of(text, VALUES))


def test_a_driver_that_stays_has_its_season_and_stands_without_it() -> None:
    found = footing_of(text_of("new_trials >= 95 per month"), VALUES)
    (room,) = [room for room in found.rooms if room.metric == "new_trials"]
    assert float(room.start) == pytest.approx(100, rel=0.08)
    path = [float(level or 0) for level in unchanged(found)["new_trials"]]
    assert path[0] == pytest.approx(150, rel=0.1)
    assert path[6] == pytest.approx(67, rel=0.1)


def test_a_goal_in_the_low_months_is_planned_for_with_the_season() -> None:
    """August has about 75 of a hundred: for 95 the level has to rise by a quarter, and July brings less than August."""
    found = plan("new_trials >= 95 per month")
    (condition,), (lever,) = found.conditions, [each for each in found.levers if each.lever.metric == "new_trials"]
    assert found.feasible
    assert float(condition.unchanged or 0) == pytest.approx(70, rel=0.12)
    assert float(lever.knots[-1]) == pytest.approx(135, rel=0.12)
    assert lever.steps[7] >= 95 > lever.steps[6]
    assert all(level.denominator == 1 for level in lever.steps)


def test_no_season_takes_a_driver_over_its_written_bound() -> None:
    found = plan("new_trials >= 95 per month", "140")
    (lever,) = [each for each in found.levers if each.lever.metric == "new_trials"]
    assert max(lever.steps) <= 140


def test_the_search_and_the_exact_tree_see_the_same_season() -> None:
    for bound in ("300", "140"):
        search = search_of(footing_of(text_of("paid >= 30", bound), VALUES))
        draft = drafted(search, rounded=False)
        exact = values_of(search.footing, draft.levers)["new_trials"]
        seen = search.levels(draft.solution.steps[None], search.footing.horizon)["new_trials"][:, 0]
        assert np.allclose(seen.real, [float(each or 0) for each in exact], rtol=1e-6)


def test_short_or_even_pasts_have_no_season() -> None:
    for past in (trials(1), [100] * 36, [Fraction(0), *trials()[1:]]):
        assert footing_of(text_of("paid >= 30"), {**NOW, "new_trials": past}).seasons == {}


def test_what_plan_and_working_back_say_of_one_goal_goes_together(tmp_path: Path) -> None:
    """The season makes January sure and July out of the question, for both; and changes nothing that nobody changed."""
    story = Story(tmp_path, datetime(2026, 1, 1, 3, tzinfo=UTC))
    story.write(
        "shinro.yaml",
        "story: {starts: 2026-01-01}\nsources: {s: {type: files, path: data/*.csv}}\nmetrics:\n"
        "  orders: {reported: s.m, value: orders, every: month, nature: flow, unit: orders, better: higher}\n"
        "north_star: {metric: orders}\n",
    )
    lines = [f"{2023 + n // 12}-{n % 12 + 1:02}-15,{value}" for n, value in enumerate(trials())]
    story.write("data/m.csv", "\n".join(["date,orders", *lines]))
    with story.gathered(date(2026, 1, 1)) as gathered:
        for by, sure in (("2026-01-31", True), ("2026-07-31", False)):
            asked = Asked("orders >= 100 per month", by)
            (chance,), (other,) = back(gathered, asked).chances, suppose(gathered, ["orders +5%"], asked).chances
            assert chance.forecast is not None
            assert all((each > 0.9) if sure else (each < 0.1) for each in (chance.unchanged, chance.forecast))
            assert (other.unchanged, other.forecast) == (chance.unchanged, chance.forecast)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_where_plan_cannot_tell_a_probability_working_back_tells_none_and_says_why(tmp_path: Path, lang: str) -> None:
    """Orders have a past of three years, the share of them that is kept has one of two months."""
    story = Story(tmp_path, datetime(2026, 1, 1, 3, tzinfo=UTC))
    story.write(
        "shinro.yaml",
        "story: {starts: 2026-01-01}\nsources: {s: {type: files, path: data/*.csv}}\nmetrics:\n"
        "  orders: {reported: s.m, value: orders, every: month, nature: flow, unit: orders, better: higher}\n"
        '  kept: {reported: s.k, value: kept, every: month, nature: ratio, unit: "%", better: higher}\n'
        "  sold: {reported: s.k, value: sold, every: month, nature: flow, unit: orders, better: higher}\n"
        "north_star: {metric: sold}\ntree: {sold: orders * kept}\n"
        "milestones:\n  - {id: m3, by: +3 months, reach: [sold >= 50]}\n"
        "  - {id: m6, by: +6 months, reach: [orders >= 50]}\n",
    )
    lines = [f"{2023 + n // 12}-{n % 12 + 1:02}-15,{value}" for n, value in enumerate(trials())]
    story.write("data/m.csv", "\n".join(["date,orders", *lines]))
    story.write("data/k.csv", "date,kept,sold\n2025-11-15,50%,50\n2025-12-15,40%,40\n")
    with story.gathered(date(2026, 1, 1)) as gathered:
        plan, other = back(gathered), suppose(gathered, ["orders +5%"], Asked())
        telling = Telling(words(lang), gathered.opened.project)
        told = [plan_json(plan, telling), what_if_json(other, telling)]
        shown = [said_of(plan_report(plan, telling)), said_of(what_if_report(other, telling))]
    for found in (plan, other):
        assert [each.milestone for each in found.chances] == ["m6"]
        assert found.untold.milestones == ("m3",)
        assert ("kept", "forecast.short") in found.untold.why
    for each in told:
        assert isinstance(each, dict)
        assert each["no_chance"]["milestones"] == ["m3"]  # type: ignore[index]
    reason = {"en": "no probability can be given", "ja": "確率は計算できません"}[lang]
    assert all(reason in text for text in shown)
