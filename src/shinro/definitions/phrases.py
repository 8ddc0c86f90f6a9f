"""Phrases: what stands for a whole value in the file: conditions, changes, levels, lengths of time, due dates.

Each reader has its grammar in its docstring and raises Mistake; `place` is where the text's first character stands.
Law: reading what `text` printed gives the same value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, TypeAlias

from shinro.definitions.cursor import Cursor
from shinro.definitions.expression import Name, Number
from shinro.definitions.grammar import name
from shinro.definitions.printing import number_text
from shinro.definitions.printing import text as name_text
from shinro.definitions.tokens import NOWHERE, Mistake, Source
from shinro.periods import MONTHS_OF, Duration, Grain, day_named, grain_named
from shinro.problems import Place
from shinro.units import narrow

COMPARISONS = (">=", "<=", ">", "<", "=")
GRAINS = {grain.value: grain for grain in Grain}
SECONDS = {
    "minute": 60,
    "hour": 3600,
    "day": 86_400,
    "week": 604_800,
    "month": 2_592_000,
    "quarter": 7_862_400,
    "year": 31_536_000,
}
LONGEST = 100 * SECONDS["year"]
_UNITS = {
    "minute": r"min(?:ute)?s?|分間?",
    "hour": r"hours?|時間",
    "day": r"days?|日間?",
    "week": r"weeks?|週間?",
    "month": r"months?|[かヶカケヵｶｹ箇]月間?",
    "quarter": r"quarters?|四半期間?",
    "year": r"years?|年間?",
}
_COMPARES = re.compile(r"<|(?<![-=])>|=(?!>)|[≤≥≠]")
_LIKE_A_DAY = re.compile(r"\d{4} ?[-/.年]|\d{1,2}[-/.]\d{1,2}[-/.]", re.ASCII)
_TIMES = re.compile(r"\s*[xX*](?=\s*\.?\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Per:
    """A flow's total in each period."""

    grain: Grain


@dataclass(frozen=True, slots=True)
class Over:
    """A rate's parts pooled over the time up to the date."""

    duration: Duration

    @property
    def grain(self) -> Grain:
        """The period that the parts come in: that of the time's unit, a month for a quarter or a year."""
        grain = GRAINS.get(self.duration.unit, Grain.DAY)
        return Grain.MONTH if grain in MONTHS_OF else grain

    @property
    def periods(self) -> int:
        """How many of them are pooled."""
        return self.duration.amount * MONTHS_OF.get(GRAINS.get(self.duration.unit, Grain.DAY), 1)


@dataclass(frozen=True, slots=True)
class Since:
    """A flow's total since the story starts."""


Reading: TypeAlias = Per | Over | Since | None


@dataclass(frozen=True, slots=True)
class Condition:
    """A state that a metric is to be in: `revenue.churn_rate <= 5% over 3 months`. The level may be negative."""

    metric: str
    part: str | None
    op: str  # >= <= > < =
    level: Number
    reading: Reading = None


@dataclass(frozen=True, slots=True)
class Change:
    """How far a metric is to move: by points of a rate, by a share of itself, by an amount, or to so many times itself.

    The value's sign is the direction; "times" is always more than 0.
    """

    kind: Literal["points", "relative", "absolute", "times"]
    value: Number
    within: Duration | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """A number that a metric may stand at, perhaps per a period: `4000 per month`."""

    number: Number
    per: Grain | None = None


def is_condition(text: str) -> bool:
    """Whether a text compares something, however badly; an event (`展示会出展`, `Launch the app`) does not."""
    return _COMPARES.search(narrow(text)) is not None


def condition(text: str, place: Place = NOWHERE) -> Condition:
    """`condition = name (">=" | "<=" | ">" | "<" | "=") number [reading]`; Q110 where nothing is compared."""
    source = Source(text, place)
    if not is_condition(text):
        raise source.mistake("Q110", 0, text=text)
    cursor = Cursor(source)
    metric = name(cursor)
    op = cursor.demand("sign", *COMPARISONS).value
    number = _level(cursor)
    reading = _reading(cursor)
    cursor.finish()
    return Condition(metric.name, metric.part, op, number, reading)


def level(text: str, place: Place = NOWHERE) -> Level:
    """`level = number ["per" grain]`."""
    cursor = Cursor(Source(text, place))
    number = _level(cursor)
    per = _grain(cursor) if _take_word(cursor, "per") else None
    cursor.finish()
    return Level(number, per)


def change(text: str, place: Place = NOWHERE) -> Change:
    """`change = (("+" | "-") NUMBER | ("x" | "×") NUMBER) ["in" duration]`. Q111 where it is none."""
    source = Source(text, place)
    times = _TIMES.match(narrow(text))
    cursor = Cursor(source, times.end() if times else 0)
    sign = None if times else cursor.take("sign", "+", "-")
    if not (times or sign) or not cursor.next_is("number"):
        raise source.mistake("Q111", cursor.token.at, text=text)
    value = _number(cursor, negative=sign is not None and sign.value == "-")
    if times and (value.unit or not value.value):
        raise source.mistake("Q111", value.at, text=text)
    within = _duration(cursor) if cursor.take("word", "in") else None
    cursor.finish()
    kinds: dict[str, Literal["points", "relative"]] = {"pt": "points", "%": "relative"}
    return Change("times" if times else kinds.get(value.unit, "absolute"), value, within)


def duration(text: str, place: Place = NOWHERE) -> Duration:
    """`duration = ["+"] whole-number unit`; a unit in English or Japanese. Q112 where it is none."""
    cursor = Cursor(Source(text, place))
    cursor.take("sign", "+")
    found = _duration(cursor)
    cursor.finish()
    return found


def stretch(text: str, place: Place = NOWHERE) -> Duration:
    """A duration of a day at least. Q112 where it is none."""
    found = duration(text, place)
    if not found.days:
        raise Source(text, place).mistake("Q112", 0, text=text, case="nothing")
    return found


def due(text: str, place: Place = NOWHERE) -> date | Duration:
    """`due = DAY | duration ["後"]`; also `2026/12/31`, no division here. Q129 where it is neither."""
    plain = narrow(text).strip()
    if plain[:1].isdecimal() and grain_named(plain) is Grain.DAY and (named := day_named(plain)):
        return named
    cursor = Cursor(Source(text, place))
    if cursor.next_is("day"):
        day = cursor.advance().day
        cursor.finish()
        return day
    if _LIKE_A_DAY.match(plain) or not (cursor.next_is("number") or cursor.next_is("sign", "+")):
        raise cursor.mistake("Q129", text=text)
    return duration(text.rstrip().removesuffix("後"), place)


def text(phrase: Condition | Change | Level | Duration | date) -> str:
    """The phrase as one would write it, in one normal form."""
    match phrase:
        case Condition(metric, part, op, number, reading):
            return _joined(name_text(Name(metric, part)), op, number_text(number), _reading_text(reading))
        case Change(kind, value, within):
            sign = "x" if kind == "times" else "-" if value.value < 0 else "+"
            amount = number_text(replace(value, value=abs(value.value)))
            return _joined(f"{sign}{amount}", f"in {within}" if within else "")
        case Level(number, per):
            return _joined(number_text(number), f"per {per.value}" if per else "")
        case _:
            return str(phrase)


def _reading_text(reading: Reading) -> str:
    match reading:
        case Per(grain):
            return f"per {grain.value}"
        case Over(length):
            return f"over {length}"
        case Since():
            return "since start"
        case _:
            return ""


def _joined(*words: str) -> str:
    return " ".join(filter(None, words))


def _level(cursor: Cursor) -> Number:
    """`number = ["+" | "-"] NUMBER`, but no points. Q109 where a name stands instead."""
    sign = cursor.take("sign", "+", "-")
    if cursor.next_is("name"):
        raise cursor.mistake("Q109", found=cursor.found)
    if not cursor.next_is("number"):
        raise cursor.missing()
    if cursor.token.unit == "pt":
        raise cursor.mistake("Q119", found=cursor.found)
    return _number(cursor, negative=sign is not None and sign.value == "-")


def _number(cursor: Cursor, *, negative: bool) -> Number:
    token = cursor.advance()
    return Number(-token.number if negative else token.number, token.unit, token.at)


def _reading(cursor: Cursor) -> Reading:
    """`reading = "per" grain | "over" days | "since" "start"`."""
    if _take_word(cursor, "per"):
        return Per(_grain(cursor))
    if _take_word(cursor, "over"):
        return Over(_days(cursor))
    if not _take_word(cursor, "since"):
        return None
    if not _take_word(cursor, "start"):
        raise cursor.missing("start")
    return Since()


def _grain(cursor: Cursor) -> Grain:
    """`grain = "day" | "week" | "month" | "quarter" | "year"`."""
    word = _take_word(cursor, *GRAINS)
    if word is None:
        raise cursor.missing(*GRAINS)
    return GRAINS[word]


def _duration(cursor: Cursor) -> Duration:
    """`duration = whole-number unit`, at most a hundred years."""
    start = cursor.token
    amount = cursor.take("number")
    word = cursor.take("name") if amount else None
    unit = _unit(word.value) if word else None
    if not amount or not unit or amount.unit or amount.number.denominator != 1:
        raise _no_duration(cursor, start.at)
    if amount.number * SECONDS[unit] > LONGEST:
        raise _no_duration(cursor, start.at)
    return Duration(int(amount.number), unit)


def _days(cursor: Cursor) -> Duration:
    """`days = duration`, but of whole days. Q144 where it is shorter: no reading is finer than a day."""
    start = cursor.token
    found = _duration(cursor)
    if found.unit not in GRAINS:
        raise cursor.source.mistake("Q144", start.at, text=str(found))
    return found


def _no_duration(cursor: Cursor, at: int) -> Mistake:
    return cursor.source.mistake("Q112", at, text=cursor.source.text[at:].strip() or "…")


def _unit(word: str) -> str | None:
    return next((unit for unit, forms in _UNITS.items() if re.fullmatch(forms, word, re.IGNORECASE)), None)


def _take_word(cursor: Cursor, *words: str) -> str | None:
    """One of the words, in any case; they are names everywhere else."""
    word = cursor.token.value.lower()
    return word if word in words and cursor.take("name") else None
