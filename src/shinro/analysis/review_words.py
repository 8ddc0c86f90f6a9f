"""Words of answers: what people write for a result, a cause, a day, a metric; in both languages, in any width."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from shinro.definitions.project import Project
from shinro.definitions.values import LANGUAGES
from shinro.periods import day_named, names_month
from shinro.problems import Place, Problem
from shinro.series import Meaning

SHORT = re.compile(r"(\d{1,2})(?:/|月)(\d{1,2})日?", re.ASCII)
TECHNICAL = re.compile(r"[a-z][a-z0-9]*(?:[_.][a-z0-9]+)+", re.ASCII)
WORDS: Mapping[str, tuple[str, ...]] = {
    "done": ("done", "完了", "済", "済み", "finished", "ok"),
    "dropped": ("dropped", "drop", "中止", "やめる", "取りやめ", "cancelled"),
    "moved": ("moved", "move", "延期", "変更", "later", "postponed"),
    "open": ("open", "継続", "未完了", "not yet"),
    "execution": ("execution", "実行"),
    "hypothesis": ("hypothesis", "仮説"),
    "date": ("date", "期日", "日付", "期限"),
    "level": ("level", "水準"),
    "lever": ("lever", "打ち手", "施策"),
    "stay": ("stay", "そのまま", "変えない", "as it is"),
    "yes": ("yes", "y", "はい", "[x]", "x"),
    "no": ("no", "n", "いいえ", "[ ]", "[]"),
}


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer as it was written, and where."""

    text: str
    place: Place


class NotUnderstood(Exception):  # noqa: N818 - the words are the name
    """An answer that says nothing that was asked for."""

    def __init__(self, found: Problem) -> None:
        self.problem = found
        super().__init__(found.code)


@dataclass(frozen=True, slots=True)
class Asked:
    """What answers are read against: the project, its metrics, the day of the review."""

    project: Project
    meanings: Mapping[str, Meaning]
    day: date


def word_of(raw: Raw, case: str, *known: str) -> str:
    """Which of the words an answer is, in either language."""
    text = plain(raw.text)
    found = next((name for name in known if text in WORDS[name]), None)
    if found is None:
        raise NotUnderstood(wrong(raw.place, case, found=raw.text.strip()))
    return found


def not_past(due: date, asked: Asked, place: Place, text: str) -> None:
    """Raises NotUnderstood for a day before the review's."""
    if due < asked.day:
        raise NotUnderstood(wrong(place, "past", found=text, day=asked.day))


def day_of(text: str, after: date) -> date | None:
    """A day as people write it: `2026-12-03`, `2026年12月3日`, and `12/3`, the next one from a day on."""
    half = unicodedata.normalize("NFKC", text).strip()
    if names_month(half):
        return None
    if found := day_named(half):
        return found
    short = SHORT.fullmatch(half)
    days = [_day(year, short) for year in (after.year, after.year + 1)] if short else []
    return next((day for day in days if day and day >= after), None)


def _day(year: int, short: re.Match[str]) -> date | None:
    try:
        return date(year, int(short[1]), int(short[2]))
    except ValueError:
        return None


def metric_of(text: str, asked: Asked) -> str | None:
    """A metric by its name or by what it is called in either language."""
    wanted = plain(text)
    return next((metric for name, metric in _named(asked) if plain(name) == wanted), None)


def _named(asked: Asked) -> Iterator[tuple[str, str]]:
    yield from ((metric, metric) for metric in asked.meanings)
    yield from ((asked.project.label(each, lang), each) for each in asked.meanings for lang in LANGUAGES)


def owners_of(project: Project) -> frozenset[str]:
    """Who answers for a KPI or an initiative, as words are compared."""
    named = [str(each) for kpi in project.kpis.values() for each in kpi.owner]
    return frozenset(plain(each) for each in (*named, *(str(one.owner) for one in project.initiatives if one.owner)))


def names_metric(text: str, asked: Asked) -> bool:
    """Whether a text is written as metrics are and people are not: `reply_rate`, `revenue.churn`; no known owner's."""
    word = plain(text)
    if word in owners_of(asked.project):
        return False
    base, dot, _ = word.partition(".")
    return bool(TECHNICAL.fullmatch(word) and ("_" in word or (dot and base in asked.meanings)))


def near(text: str, asked: Asked) -> str:
    """The metric that was most likely meant."""
    names = [str(each) for each in asked.project.kpis] or list(asked.meanings)
    found = get_close_matches(text, [*asked.meanings], 1, cutoff=0.4)
    return (found or names or [""])[0]


def plain(text: str) -> str:
    """A text as words are compared: half-width, lower case, no full stop."""
    return unicodedata.normalize("NFKC", text).strip().rstrip(".。").lower()


def wrong(place: Place, case: str, **args: object) -> Problem:
    """What cannot be understood, and where."""
    return Problem(place, "Q160", {"case": case, **args})
