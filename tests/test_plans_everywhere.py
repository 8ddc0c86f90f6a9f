"""Every project on the pages can be planned for, whatever its numbers are: nothing breaks, and what holds is told."""

from __future__ import annotations

import random
import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from shinro.analysis.aims import Wanted, wanted_of
from shinro.analysis.footing import footing
from shinro.analysis.measured import Bearings, Soundings
from shinro.analysis.plans import plan_of
from shinro.analysis.whatif import what_if
from shinro.definitions.meaning import meanings
from shinro.definitions.phrases import condition
from shinro.definitions.project import Project, read_project
from shinro.definitions.supposing import supposed
from shinro.findings.plans import Prefer
from shinro.periods import Grain
from shinro.problems import CannotGoOn, Place
from shinro.reports.plans import plan_report
from shinro.reports.plans_json import plan_json
from shinro.reports.readings import Telling
from shinro.reports.words import words
from shinro.series import Point, Series

ROOT = Path(__file__).parent.parent
PAGES = [*sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "src/shinro/checks/pages/en").glob("*.md"))]
TODAY = date(2026, 7, 1)
PARTS = 8


def projects() -> list[str]:
    every = [text for page in PAGES for text in re.findall(r"```yaml\n(.*?)```", page.read_text("utf-8"), re.DOTALL)]
    return [text for text in dict.fromkeys(every) if "metrics:" in text]


def made_up(project: Project, chance: random.Random) -> Bearings:
    """Monthly numbers from nothing to a year long, some metrics without any, some at zero."""
    known, calendar = meanings(project), project.calendar
    last, series = calendar.period(date(2026, 6, 1), Grain.MONTH), {}
    for metric, meaning in known.items():
        length = chance.choice([0, 1, 5, 12, 12])
        values = [Fraction(chance.randint(0, 100), 100 if meaning.percent else 1) for _ in range(length)]
        points = [
            Point(calendar.step(last, Grain.MONTH, n + 1 - length), value, over=value, base=Fraction(1))
            for n, value in enumerate(values)
        ]
        series[metric, Grain.MONTH] = Series(meaning, Grain.MONTH, tuple(points), TODAY)
    return Bearings(project, known, Soundings(TODAY, series), calendar)


@pytest.mark.parametrize("part", range(PARTS))
def test_every_project_can_be_planned_for(part: int) -> None:
    chance, planned = random.Random(part), 0  # noqa: S311 - no secret
    for text in projects()[part::PARTS]:
        try:
            project, _ = read_project(text, "shinro.yaml")
        except CannotGoOn:
            continue
        bearings = made_up(project, chance)
        names = sorted(bearings.meanings)
        if not names:
            continue
        wanted = tuple(wanted_of(project.milestones, bearings.starts or TODAY, TODAY))
        metric = chance.choice(names)
        goal = f"{metric} >= {'60%' if bearings.meanings[metric].percent else chance.randint(1, 900)}"
        wanted = wanted or (Wanted("goal", goal, condition(goal), date(2027, 3, 31)),)
        standing = footing(bearings, wanted, Grain.MONTH)
        plan = plan_of(project, bearings.meanings, standing, chance.choice(list(Prefer)), chance.choice([None, 0.8]))
        assert bool(plan.shortfalls) is not all(each.holds for each in plan.conditions) or not plan.exact
        planned += bool(plan.conditions)
        for lang in ("en", "ja"):
            telling = Telling(words(lang), project)
            assert plan_report(plan, telling).blocks
            assert plan_json(plan, telling)["says"]
        star = str(project.star.metric) if project.star else None
        moves = supposed(f"{metric} +10%", Place("--what-if"))
        extra = [name for name in (star, metric) if name]
        asked = footing(bearings, wanted, Grain.MONTH, extra, frozenset([metric]), 12)
        assert what_if(asked, moves, bearings.meanings, star).moves
    assert planned
