"""Claiming: the claims of tests/claims beside a made-up record, judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from shinro.checks.telling import refusals
from shinro.definitions.meaning import meaning_of, meanings
from shinro.definitions.nodes import Text
from shinro.definitions.project import Project, read_project, ref
from shinro.definitions.story import Said
from shinro.definitions.values import Label
from shinro.findings.claims import Step, Track, Was
from shinro.periods import Grain
from shinro.problems import Place, Problem
from shinro.series import Mark

CLAIMS = Path(__file__).parent / "claims"


@dataclass(frozen=True)
class Judged:
    """A written claim, the rules that may refuse it (none: it is honest), and what does refuse it."""

    says: str
    rules: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def honest(self) -> bool:
        return not self.rules

    @property
    def refused(self) -> bool:
        return bool(self.problems)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(sorted({problem.code for problem in self.problems}))

    @property
    def ja(self) -> bool:
        return any("ぁ" <= character <= "鿿" for character in self.says)


@cache
def company() -> Project:
    """The made-up company that the claims are about."""
    project, problems = read_project((CLAIMS / "shinro.yaml").read_text("utf-8"), "shinro.yaml")
    assert problems == ()
    return project


@cache
def paths() -> Mapping[str, Track]:
    """What it published, month by month."""
    record = read("record.yaml")
    return {
        metric: Track(
            meaning_of(metric, meanings(company())),
            Grain.MONTH,
            tuple(_step(n, value, record["first"], n == len(values) - 1) for n, value in enumerate(values)),
        )
        for metric, values in record["metrics"].items()
    }


def _step(n: int, value: Any, first: date, newest: bool) -> Step:
    calendar = company().calendar
    period = calendar.step(calendar.period(first, Grain.MONTH), Grain.MONTH, n)
    published = period.end + timedelta(days=2)
    mark = Mark.INCOMPLETE if newest else Mark.COMPLETE
    if isinstance(value, list):
        over, base = map(Fraction, value)
        return Step(period, over / base, n, mark, over, base, published=published)
    if isinstance(value, dict):
        was = Was(Fraction(value["was"]), n, published, value["because"])
        return Step(period, Fraction(value["is"]), n, mark, published=published + timedelta(days=60), was=(was,))
    return Step(period, Fraction(value), n, mark, published=published)


def read(name: str) -> Any:
    return yaml.safe_load((CLAIMS / name).read_text("utf-8"))


def judged(name: str) -> list[Judged]:
    """Every claim of a file with what refuses it."""
    return [_judged(claim) for claim in read(name)]


def _judged(claim: Mapping[str, Any]) -> Judged:
    said = said_of(claim["says"], claim["kpi"], claim["starts"], claim["ends"], claim.get("milestone"))
    (traction,) = company().traction
    return Judged(claim["says"], tuple(claim["rules"]), refusals(said, traction, paths(), company()))


def said_of(says: str, kpi: str, starts: date, ends: date, milestone: str | None = None) -> Said:
    """A written claim in one language."""
    place = Place("shinro.yaml", 1, 1)
    named = Text(milestone, place) if milestone else None
    return Said(place=place, says=Label({"en": says}, place), kpi=ref(kpi), starts=starts, ends=ends, milestone=named)


def recall(found: list[Judged]) -> Fraction:
    """Of the inflated claims, the share that is refused."""
    inflated = [each for each in found if not each.honest]
    return Fraction(sum(each.refused for each in inflated), len(inflated))


def precision(found: list[Judged]) -> Fraction:
    """Of the refused claims, the share that is inflated."""
    refused = [each for each in found if each.refused]
    return Fraction(sum(not each.honest for each in refused), len(refused))
