"""Sentences: a claim's words in one language, with its numbers, its dates and the metrics that it names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from shinro.checks.dated import Dated, dates
from shinro.checks.numerals import Words, narrowed
from shinro.checks.quantities import Quantity, Sort, quantities
from shinro.checks.tall import RUN_RATE
from shinro.checks.words import plain
from shinro.definitions.project import Project

LEAST = 2  # characters of a name that is looked for in a sentence
# What the parts of a recurring metric are called.
PARTS: dict[str, Words] = {
    "mrr": Words(r"\bmrr\b|月次経常(?:収益|売上)|monthly recurring revenue"),
    "arr": Words(r"\barr\b|年間?経常(?:収益|売上)|annual(?:ly)? recurring revenue"),
    "companies": Words(r"(?:有料)?契約社数|有料(?:社|企業|顧客)数|導入社数|paying (?:companies|customers)"),
    "churn_rate": Words(r"(?<!mrr)解約率|チャーン(?:レート)?|\b(?:logo |customer )?churn\b(?: rate)?"),
    "nrr": Words(r"\bnrr\b|売上継続率|net (?:revenue |dollar )?retention"),
    "grr": Words(r"\bgrr\b|gross (?:revenue |dollar )?retention|\bgross\b|グロス"),
    "arpa": Words(r"\barpa\b|平均単価|顧客単価"),
}


@dataclass(frozen=True, slots=True)
class Mention:
    """A metric that a sentence names, and where."""

    metric: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A claim's words in one language. `text` is what they are narrowed to: places count in it."""

    written: str
    text: str
    metric: str
    quantities: tuple[Quantity, ...]
    dates: tuple[Dated, ...]
    mentions: tuple[Mention, ...]

    @property
    def others(self) -> bool:
        """Whether it names another metric than its own."""
        return any(each.metric != self.metric for each in self.mentions)

    def quote(self, piece: str) -> str:
        """A piece of the narrowed text as it was written, where it was written so."""
        found, piece = unicodedata.normalize("NFKC", self.written), piece.strip()
        at = found.lower().find(piece)
        return piece if at < 0 else found[at : at + len(piece)]

    def subjects(self, quantity: Quantity) -> tuple[str, ...]:
        """The metrics that a number may be of: the one named last before it, then the claim's own."""
        before = [each.metric for each in self.mentions if each.start < quantity.start]
        return tuple(dict.fromkeys([*before[-1:], self.metric]))


def sentence(written: str, metric: str, project: Project) -> Sentence:
    """A claim's words, read. Numbers that belong to a metric's name, or to `MRR x 12`, are not told by it."""
    text = narrowed(written)
    mentions = tuple(sorted(_mentions(text, project), key=lambda each: each.start))
    masked = [(each.start, each.end) for each in mentions]
    masked += [(found.start(), found.end()) for found in RUN_RATE.finditer(text)]
    windows = _windows(project, {metric, *(each.metric for each in mentions)})
    told = tuple(
        each
        for each in quantities(written)
        if not any(start <= each.start and each.end <= end for start, end in masked)
        and not _is_factor(text, each)
        and not (each.sort is Sort.SPAN and (each.value, each.of) in windows)
    )
    return Sentence(written, text, metric, told, dates(text), mentions)


def _windows(project: Project, named: set[str]) -> set[tuple[Fraction, str]]:
    """The lengths of time that the definitions of metrics hold: the 30 days of a 30-day retention."""
    found = [metric for name in named if (metric := project.metric(name))]
    spans = [span for metric in found for span in (metric.within, metric.after) if span]
    return {(Fraction(span.duration.amount), span.duration.unit) for span in spans}


def _is_factor(text: str, quantity: Quantity) -> bool:
    """The 12 of `x 12`: part of a calculation that is told, no result."""
    return quantity.sort is Sort.AMOUNT and bool(re.search(r"(?:×|\bx|\*) ?$", text[: quantity.start]))


def _mentions(text: str, project: Project) -> Iterator[Mention]:
    """Every metric named, the longest name first where two overlap."""
    found: list[Mention] = []
    for length, mention in sorted(_named(text, project), key=lambda each: -each[0]):
        if length >= LEAST and not any(
            each.start < mention.end and mention.start < each.end for each in found if each.metric != mention.metric
        ):
            found.append(mention)
    yield from found


def _named(text: str, project: Project) -> Iterator[tuple[int, Mention]]:
    for name, metric in project.metrics.items():
        names = (
            set()
            if metric.recurring
            else {narrowed(plain(str(name)))}
            | {narrowed(label) for label in (metric.label.texts.values() if metric.label else ())}
        )
        for words in names:
            for each in re.finditer(_bounded(words), text):
                yield len(words), Mention(str(name), each.start(), each.end())
        for part in metric.parts:
            for each in PARTS[part].finditer(text) if part in PARTS else ():
                yield each.end() - each.start(), Mention(f"{name}.{part}", each.start(), each.end())


def _bounded(words: str) -> str:
    """A name as a pattern: Latin words end where they end."""
    before = r"(?<![a-z])" if words[:1].isascii() else ""
    after = r"(?![a-z])" if words[-1:].isascii() else ""
    return f"{before}{re.escape(words)}{after}"
