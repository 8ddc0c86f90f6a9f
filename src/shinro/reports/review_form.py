"""The form of a review: its blanks as Markdown that people fill in, and what they wrote read back.

```
answer = ["-"] "`" NAME "`" label ":" text {NEW LINE more}
more   = a line that is no answer, and no heading, quotation or comment that begins behind an empty line
```
Only what stands below the last `review` answer counts, so that nothing in a report can pass for an answer. Headings and
quotations are ours; what stands below the blank `notes` is nobody's. Law: what is read from a form that was written
from answers is those answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shinro.analysis.review_blanks import Asks, Blank
from shinro.analysis.review_words import Raw
from shinro.findings.reviews import Miss, Review
from shinro.periods import Grain
from shinro.problems import Place, Problem
from shinro.reports.forms.markdown import escaped
from shinro.reports.readings import Telling
from shinro.reports.review_lines import action_line
from shinro.reports.review_misses import miss_lines, miss_title

REVIEW, NOTES = "review", "notes"
ANSWER = re.compile(r"\s*(?:[-*+]\s+)?`([^`\s]+)`([^:：]*)[:：][ \u3000]?(.*)")
OURS = ("#", ">", "<!--")
SECTIONS = {Asks.STATUS: "actions", Asks.CAUSE: "misses", Asks.DECISION: "decisions", Asks.ACTION: "next"}
WORD = {"day": Grain.DAY, "week": Grain.WEEK, "month": Grain.MONTH}


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in a form: the day and the cycle of its review, the answers by blank, and what is wrong with it."""

    day: date | None
    grain: Grain | None
    raws: Mapping[str, Raw]
    problems: tuple[Problem, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written into it."""
        return not any(raw.text.strip() for raw in self.raws.values())


def form_text(found: Review, blanks: Sequence[Blank], answers: Mapping[str, str], telling: Telling) -> str:
    """The form in one language, with the answers that are known already."""
    lines = [f"## {telling.say('review.form')}", "", f"> {telling.say('review.form.how')}", ""]
    lines += [_answer(REVIEW, telling.say("review.form.review"), found.name)]
    section = ""
    for blank in blanks:
        title = SECTIONS.get(blank.asks, section)
        if title != section:
            lines += ["", f"### {telling.say(f'review.form.{title}')}", ""]
            lines += [f"> {telling.say('review.form.ways')}", ""] if title == "misses" else []
            section = title
        lines += _asked(blank, found.day, answers.get(blank.name, ""), telling)
    return "\n".join([*lines, "", f"### `{NOTES}` {telling.say('review.form.notes')}", ""])


def _asked(blank: Blank, day: date, answer: str, telling: Telling) -> Iterator[str]:
    if blank.asks is Asks.STATUS and blank.action:
        yield f"> {escaped(action_line(blank.action, day, telling))}"
        yield ""
    if blank.asks is Asks.CAUSE and blank.miss:
        yield from (f"> {text}".rstrip() for text in about(blank.miss, telling))
        yield ""
    yield _answer(blank.name, telling.say(f"review.form.{blank.asks.value}"), answer)
    if blank.asks in (Asks.STATUS, Asks.WRITE):
        yield ""


def about(miss: Miss, telling: Telling) -> Iterator[str]:
    """What is said of a miss before its cause is asked for, as Markdown."""
    yield escaped(miss_title(miss, telling))
    yield ""
    yield from (f"- {escaped(text)}" for text in miss_lines(miss, telling))


def _answer(name: str, label: str, text: str) -> str:
    first, *more = text.split("\n")
    return "\n".join([f"- `{name}` {label}: {first}".rstrip(), *(f"  {line}" for line in more)])


def form_read(text: str, path: str) -> Filled:
    """What a form holds. A blank without an answer is left out; one that stands twice is a problem."""
    lines = text.replace("\r\n", "\n").split("\n")
    starts = [n for n, line in enumerate(lines) if (found := ANSWER.fullmatch(line)) and found[1] == REVIEW]
    if not starts:
        return Filled(None, None, {}, (Problem(Place(path), "Q160", {"case": "form"}),))
    raws, problems = _raws(lines, starts[-1], path)
    review = raws.pop(REVIEW)
    day, grain = _named(review.text)
    if day is None or grain is None:
        problems.append(Problem(review.place, "Q160", {"case": "review", "found": review.text}))
    return Filled(day, grain, raws, tuple(problems))


def _raws(lines: Sequence[str], start: int, path: str) -> tuple[dict[str, Raw], list[Problem]]:
    found: dict[str, Raw] = {}
    problems: list[Problem] = []
    name, before, is_ours = "", "", True
    for number, line in enumerate(lines[start:], start + 1):
        is_ours, before = (is_ours or not before.strip()) and line.lstrip().startswith(OURS), line
        if re.match(rf"\s*#+\s*`{NOTES}`", line):
            break
        answer = ANSWER.fullmatch(line)
        if answer:
            name, place = answer[1], Place(path, number, answer.start(3) + 1)
            if name in found:
                at = Place(path, number, answer.start(1) + 1)
                problems.append(Problem(at, "Q160", {"case": "twice", "blank": name, "first": str(found[name].place)}))
                continue
            found[name] = Raw(answer[3].strip(), place)
        elif is_ours:
            name = ""
        elif line.strip() and name in found:
            found[name] = Raw(f"{found[name].text}\n{line.strip()}".strip(), found[name].place)
        elif line.strip():
            place = Place(path, number, len(line) - len(line.lstrip()) + 1)
            problems.append(Problem(place, "Q160", {"case": "nowhere", "found": line.strip()}))
    return {key: raw for key, raw in found.items() if raw.text or key == REVIEW}, problems


def _named(text: str) -> tuple[date | None, Grain | None]:
    """`2026-11-26 week`."""
    day, _, grain = text.strip().partition(" ")
    try:
        return date.fromisoformat(day), WORD.get(grain.strip())
    except ValueError:
        return None, None
