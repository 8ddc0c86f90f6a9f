"""Crowds and totals: which metrics count people who came, who is active, who stays, what is earned, what only rises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum

from shinro.checks.numerals import Words
from shinro.checks.words import called, is_cumulative
from shinro.definitions.expression import Binary, Node, names, walk
from shinro.definitions.meaning import meaning_of, meanings
from shinro.definitions.project import Project
from shinro.problems import Listed
from shinro.series import Nature

NONE = "–"


class Beside(Enum):
    """What a crowd must stand beside."""

    ACTIVITY = "activity"
    RETENTION = "retention"
    REVENUE = "revenue"


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


def is_crowd(project: Project, metric: str) -> bool:
    """Whether a metric counts people who came, whatever they do now."""
    meaning = meaning_of(metric, meanings(project))
    counts = meaning.nature in (Nature.FLOW, Nature.STOCK) and meaning.currency is None
    better_than_that = any(is_called(project, metric, words) for words in (ACTIVE, KEPT, PAYING))
    return counts and is_called(project, metric, CROWD) and not better_than_that


def is_called(project: Project, metric: str, pattern: re.Pattern[str] | Words) -> bool:
    """Whether one of a metric's names or labels holds the words of a pattern."""
    return any(pattern.search(words) for words in called(project, metric))


def _is_measured(project: Project, metric: str, way: str) -> bool:
    found = project.metric(metric)
    return found is not None and way in found.ways


def is_activity(project: Project, metric: str) -> bool:
    """Whether a metric tells who is active."""
    return _is_measured(project, metric, "active") or is_called(project, metric, ACTIVE)


def is_retention(project: Project, metric: str) -> bool:
    """Whether a metric tells who stays, or who leaves."""
    return _is_measured(project, metric, "retention") or is_called(project, metric, KEPT)


def is_revenue(project: Project, metric: str) -> bool:
    """Whether a metric tells what is paid."""
    money = meaning_of(metric, meanings(project)).currency is not None
    return money or (is_called(project, metric, EARNED) and not is_called(project, metric, KEPT))


KINDS = {Beside.ACTIVITY: is_activity, Beside.RETENTION: is_retention, Beside.REVENUE: is_revenue}


def company(project: Project, told: Iterable[str]) -> Mapping[str, object] | None:
    """What a crowd must stand beside, each by the first metric told that is it, and what is missing; None if nothing.

    Of what is missing the metric is `–`.
    """
    metrics = list(told)
    found = {
        kind: next((metric for metric in metrics if is_one(project, metric)), NONE) for kind, is_one in KINDS.items()
    }
    missing = tuple(kind for kind, metric in found.items() if metric == NONE)
    there = tuple(dict.fromkeys(metric for metric in found.values() if metric != NONE))
    named = {kind.value: metric for kind, metric in found.items()}
    return {**named, "missing": missing, "told": there or Listed.NOTHING} if missing else None
