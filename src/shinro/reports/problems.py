"""Problems -> lines: the place, the code and what is wrong; below it the line with its caret, and the next move."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from enum import Enum
from fractions import Fraction

from shinro.loads import Reject
from shinro.periods import Duration
from shinro.problems import Problem, Severity, worst_first
from shinro.reports.numbers import WORDS
from shinro.reports.report import Line, Lines, Report
from shinro.reports.words import Words
from shinro.units import Amount, decimal_text

WIDE = "　"  # as wide as a full-width character, so that a caret stands below its own


def problems_report(problems: Iterable[Problem], words: Words) -> Report:
    """All problems, worst first, and how many there are."""
    found = worst_first(problems)
    rows = tuple(line for problem in found for line in problem_lines(problem, words))
    return Report(
        words.lang, (Lines(rows), Lines((tally(found, words),))) if found else (Lines((tally(found, words),)),)
    )


def problem_lines(problem: Problem, words: Words) -> Iterator[Line]:
    """One problem: `shinro.yaml:41:7 M402 what is wrong`, then the hint where there is one, then the next move."""
    yield Line(f"{problem.place} {problem.code} {says(problem, words)}", problem.severity)
    if problem.hint:
        text, column = problem.hint
        yield Line(text, "quiet", indent=2, verbatim=True)
        yield Line(f"{padding(text[:column])}^", "quiet", indent=2, verbatim=True)
    following = next_move(problem, words)
    if following:
        yield Line(following, indent=2)


def says(problem: Problem, words: Words) -> str:
    """What is wrong and why it matters."""
    return words.say(_key(problem, "says", words), **spoken(problem, words))


def next_move(problem: Problem, words: Words) -> str:
    """What to do about it; nothing where the catalogs have none."""
    key = _key(problem, "next", words)
    return words.say(key, **spoken(problem, words)) if words.knows(key) else ""


def _key(problem: Problem, part: str, words: Words) -> str:
    """`D702.many.says` where a problem's `case` has a sentence of its own, else `D702.says`."""
    own = f"{problem.code}.{problem.args.get('case')}.{part}"
    return own if words.knows(own) else f"{problem.code}.{part}"


def spoken(problem: Problem, words: Words) -> dict[str, object]:
    """A problem's arguments as texts; an enum's member in the reader's language (`role.time`)."""
    return {name: _text(value, words) for name, value in problem.args.items()}


def _text(value: object, words: Words) -> str:
    if isinstance(value, Enum):
        return words.say(f"{type(value).__name__.lower()}.{value.value}")
    if isinstance(value, Fraction):
        return decimal_text(value)
    if isinstance(value, Duration):
        return words.plural(f"length.{value.unit}", value.amount)
    if isinstance(value, Amount):
        return _amount(value, words)
    if isinstance(value, Reject):
        return _reject(value, words)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list | frozenset | set):
        return ", ".join(_text(item, words) for item in value)
    return str(value)


def _amount(value: Amount, words: Words) -> str:
    """`33,333 JPY per month`, `33,333円（1か月あたり）`."""
    said = value.number
    if value.currency:
        currency = WORDS.get(value.currency, f" {value.currency}") if words.lang == "ja" else value.currency
        said = words.say("amount.money", number=said, currency=currency)
    said = words.say(f"amount.per.{value.per}", level=said) if value.per else said
    return f"{value.of} {said}" if value.of else said


def _reject(row: Reject, words: Words) -> str:
    """`deals.csv:3 amount = 'abc' (is no number)`; without a column where the row is no row."""
    key = "reject.shown" if row.column else "reject.row"
    quote = '"' if "'" in row.value else "'"
    told = {"file": row.file, "row": row.row, "column": row.column, "value": f"{quote}{row.value}{quote}"}
    return words.say(key, **told, why=words.say(f"reject.{row.reason}"))


def padding(text: str) -> str:
    """Blanks as wide as a text, in a font whose full-width characters are two columns."""
    return "".join(_blank(character) for character in text)


def _blank(character: str) -> str:
    if unicodedata.combining(character):
        return ""
    return WIDE if unicodedata.east_asian_width(character) in "WF" else " "


def tally(problems: list[Problem], words: Words) -> Line:
    """How many errors, warnings and remarks there are."""
    counts = [(severity, sum(problem.severity is severity for problem in problems)) for severity in Severity]
    told = [words.plural(f"problems.{severity.value}", n) for severity, n in counts if n]
    return Line(
        words.say("problems.tally", counts=words.say("list.comma").join(told)) if told else words.say("problems.none")
    )


def as_json(problems: Iterable[Problem], words: Words) -> list[dict[str, object]]:
    """Problems as plain values, worst first; their sentences in the reader's language beside their codes."""
    return [
        {
            "path": problem.place.path,
            "line": problem.place.line,
            "column": problem.place.column,
            "code": problem.code,
            "severity": problem.severity.value,
            "says": says(problem, words),
            "next": next_move(problem, words),
            "args": spoken(problem, words),
        }
        for problem in worst_first(problems)
    ]
