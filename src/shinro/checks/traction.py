"""Traction: no totals since ever, and no crowd without activity, retention and revenue beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction

from shinro.checks.facts import Facts
from shinro.checks.rule import Rule, rule
from shinro.checks.words import called, is_cumulative
from shinro.definitions.expression import Binary, Node, names, walk
from shinro.definitions.meaning import meaning_of
from shinro.definitions.project import Project
from shinro.periods import Grain
from shinro.problems import Problem, Severity, problem
from shinro.series import Nature
from shinro.units import decimal_text

NONE = "–"
STRETCH = 3  # increments that are compared with as many before them

CROWD = re.compile(
    r"会員|登録|ユーザー?|利用者|アカウント|ダウンロード|インストール|dl数|友だち|フォロワー"
    r"|\b(?:users?|members?|sign ?ups?|registrations?|registered|downloads?|installs?|accounts?|followers?)\b",
)
ACTIVE = re.compile(
    r"アクティブ|稼[働動]|利用[率回頻]|ログイン|セッション|\b(?:[dwm]au|active|activity|activated|activation|usage|sessions?|logins?)\b"
    r"|\bengage",
)
KEPT = re.compile(
    r"継続|解約|定着|維持|リピート|離脱|退会|リテンション|\b(?:retention|retained|churn|repeat|nrr|grr)\b"
)
EARNED = re.compile(r"売上|売り上げ|課金額|収益|\b(?:revenue|mrr|arr|sales|gmv|arpu|arpa|ltv)\b")
PAYING = re.compile(r"有料|課金|\b(?:paid|paying)\b")


@rule("R603", Severity.ERROR)
def no_running_total(facts: Facts) -> Iterator[Problem]:
    """A headline can fall: a total since ever rises whatever happens."""
    for traction in facts.project.traction:
        metric = str(traction.headline)
        if is_running_total(facts.project, metric):
            before, last = _increments(facts, metric)
            yield problem(
                "R603",
                traction.headline.place,
                case="slows" if last < before else "total",
                metric=metric,
                before=decimal_text(before),
                last=decimal_text(last),
            )


def is_running_total(project: Project, metric: str, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a metric is a sum since ever: accumulated, a stock of rows that never end, a sum of such, or named so."""
    found = project.metric(metric)
    if found is None or metric in seen:
        return False
    if any(is_cumulative(words) for words in called(project, metric)):
        return True
    table = project.table(found.stock)
    if found.cumulative or (table and not table.ends):
        return True
    return found.derived is not None and _adds_totals(project, found.derived.node, seen | {metric})


def _adds_totals(project: Project, node: Node, seen: frozenset[str]) -> bool:
    """A formula that only adds and multiplies, with a total in it."""
    only_rises = all(part.op in "+*" for part in walk(node) if isinstance(part, Binary))
    return only_rises and any(is_running_total(project, name.path, seen) for name in names(node))


def _increments(facts: Facts, metric: str) -> tuple[Fraction, Fraction]:
    """What the last three final months added, and the three before them; 0 and 0 where there are too few."""
    series = (facts.series or {}).get((metric, Grain.MONTH))
    values = [point.value for point in series.complete if point.value is not None] if series else []
    if len(values) <= 2 * STRETCH:
        return Fraction(0), Fraction(0)
    return values[-1 - STRETCH] - values[-1 - 2 * STRETCH], values[-1] - values[-1 - STRETCH]


@rule("R604", Severity.ERROR)
def crowd_in_company(facts: Facts) -> Iterator[Problem]:
    """Users or registrations stand beside who is active, who stays, and what they pay."""
    for traction in facts.project.traction:
        told = [str(ref) for ref in (traction.headline, *traction.supports)]
        activity, retention, revenue = (
            _first(facts, told, is_one) for is_one in (_is_activity, _is_retention, _is_revenue)
        )
        if activity and retention and revenue:
            continue
        for ref in (traction.headline, *traction.supports):
            if is_crowd(facts, str(ref)):
                yield problem(
                    "R604",
                    ref.place,
                    metric=str(ref),
                    activity=activity or NONE,
                    retention=retention or NONE,
                    revenue=revenue or NONE,
                )


def _first(facts: Facts, told: list[str], is_one: Callable[[Facts, str], bool]) -> str | None:
    return next((metric for metric in told if is_one(facts, metric)), None)


def is_crowd(facts: Facts, metric: str) -> bool:
    """Whether a metric counts people who came, whatever they do now."""
    meaning = meaning_of(metric, facts.meanings)
    counts = meaning.nature in (Nature.FLOW, Nature.STOCK) and meaning.currency is None
    better_than_that = any(_is_called(facts, metric, words) for words in (ACTIVE, KEPT, PAYING))
    return counts and _is_called(facts, metric, CROWD) and not better_than_that


def _is_called(facts: Facts, metric: str, pattern: re.Pattern[str]) -> bool:
    return any(pattern.search(words) for words in called(facts.project, metric))


def _is_measured(facts: Facts, metric: str, way: str) -> bool:
    found = facts.project.metric(metric)
    return found is not None and way in found.ways


def _is_activity(facts: Facts, metric: str) -> bool:
    return _is_measured(facts, metric, "active") or _is_called(facts, metric, ACTIVE)


def _is_retention(facts: Facts, metric: str) -> bool:
    return _is_measured(facts, metric, "retention") or _is_called(facts, metric, KEPT)


def _is_revenue(facts: Facts, metric: str) -> bool:
    money = meaning_of(metric, facts.meanings).currency is not None
    return money or (_is_called(facts, metric, EARNED) and not _is_called(facts, metric, KEPT))


RULES: tuple[Rule, ...] = (no_running_total, crowd_in_company)
