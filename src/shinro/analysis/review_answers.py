"""Answers: what was written into a review's blanks, as values; what cannot be understood, with its place.

A word is understood in both languages, whichever the form was written in; full-width digits and signs too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches

from shinro.analysis.review_blanks import Asks, Blank
from shinro.definitions.phrases import change, condition, level
from shinro.definitions.project import Project
from shinro.definitions.tokens import Mistake
from shinro.definitions.values import LANGUAGES
from shinro.findings.actions import Action, Done
from shinro.findings.reviews import Cause, Decision, Miss, NextAction, Onward, Reason, Settled, Taken, Way
from shinro.periods import day_named, names_month
from shinro.problems import Place, Problem
from shinro.series import Meaning

BARS = re.compile(r"[|｜]")
COLONS = re.compile(r"[:：]")
BY = re.compile(r"[\s　]+(?:by[\s　]+|期日[\s　]*)?([^\s　]+?)(?:まで(?:に)?)?$", re.IGNORECASE)
SHORT = re.compile(r"(\d{1,2})(?:/|月)(\d{1,2})日?", re.ASCII)
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


class _NotUnderstood(Exception):  # noqa: N818 - the words are the name
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


@dataclass(slots=True)
class _Read:
    decisions: list[Decision] = field(default_factory=list)
    actions: list[NextAction] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)
    reasons: dict[str, Reason] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)  # blanks whose answer was not understood


def understood(blanks: Sequence[Blank], raws: Mapping[str, Raw], asked: Asked) -> tuple[Taken, tuple[Problem, ...]]:
    """What the answers say, and what of them cannot be understood. An empty answer says nothing.

    A note or a way on without a cause is a problem: why something was missed comes first.
    """
    read = _Read()
    for blank in blanks:
        raw = raws.get(blank.name)
        if raw is None or not raw.text.strip():
            continue
        try:
            _one(blank, raw, asked, read)
        except _NotUnderstood as stop:
            read.problems.append(stop.problem)
            read.lost.add(blank.name)
    reasons = tuple(each for each in read.reasons.values())
    taken = Taken(tuple(read.decisions), tuple(read.actions), tuple(read.settled), reasons)
    return taken, tuple(read.problems)


def _one(blank: Blank, raw: Raw, asked: Asked, read: _Read) -> None:
    match blank.asks:
        case Asks.DECISION:
            read.decisions.append(Decision(blank.name, raw.text.strip()))
        case Asks.ACTION:
            read.actions.append(_action(blank, raw, asked))
        case Asks.STATUS if blank.action:
            read.settled += _status(blank.name, blank.action, raw, asked)
        case Asks.CAUSE if blank.miss:
            cause = Cause(_word(raw, "cause", "execution", "hypothesis"))
            read.reasons[blank.name] = Reason(blank.name, blank.miss, cause)
        case _:
            _of_reason(blank, raw, asked, read)


def _of_reason(blank: Blank, raw: Raw, asked: Asked, read: _Read) -> None:
    """A note, a way on, or whether to write it: with the cause that it belongs to."""
    name = blank.name.rpartition(".")[0]
    reason = read.reasons.get(name)
    if read.lost & {name, f"{name}.way"}:
        return
    if blank.asks is Asks.WRITE and _word(raw, "write", "yes", "no") == "no":
        return
    if reason is None:
        raise _NotUnderstood(_problem(raw.place, "no_cause", blank=name))
    if blank.asks is Asks.NOTE:
        read.reasons[name] = replace(reason, note=raw.text.strip())
    elif blank.asks is Asks.WAY:
        read.reasons[name] = replace(reason, onward=onward(raw, reason.miss, asked))
    elif reason.onward is None or reason.onward.way is Way.STAY:
        raise _NotUnderstood(_problem(raw.place, "no_way", blank=f"{name}.way"))
    else:
        read.reasons[name] = replace(reason, onward=replace(reason.onward, write=True))


def understands(blank: Blank, raw: Raw, asked: Asked) -> Problem | None:
    """What is wrong with one answer by itself; None where it can be understood."""
    before = {blank.name.rpartition(".")[0]: Reason("", blank.miss, Cause.EXECUTION)} if blank.miss else {}
    read = _Read(reasons=before)
    for name, reason in before.items():
        read.reasons[name] = replace(reason, onward=Onward(Way.DATE))
    try:
        if raw.text.strip():
            _one(blank, raw, asked, read)
    except _NotUnderstood as stop:
        return stop.problem
    return None


def _action(blank: Blank, raw: Raw, asked: Asked) -> NextAction:
    """`what | who | until when | for which KPI`, those behind the first in any order."""
    found = NextAction(blank.name, "")
    at = 0
    for n, part in enumerate(BARS.split(raw.text)):
        place, at = raw.place.shifted(at + len(part) - len(part.lstrip())), at + len(part) + 1
        text = part.strip()
        if not n:
            found = replace(found, text=text)
        elif text:
            found = _with_part(found, text, place, asked)
    if not found.text:
        raise _NotUnderstood(_problem(raw.place, "action"))
    return found


def _with_part(found: NextAction, text: str, place: Place, asked: Asked) -> NextAction:
    due, kpi = day_of(text, asked.day), metric_of(text, asked)
    if due and not found.due:
        _not_past(due, asked, place, text)
        return replace(found, due=due)
    if kpi and not found.kpi:
        return replace(found, kpi=kpi)
    if found.owner or _looks_dated(text):
        case = "due" if _looks_dated(text) else "part"
        raise _NotUnderstood(_problem(place, case, found=text, near=_near(text, asked)))
    return replace(found, owner=text)


def _looks_dated(text: str) -> bool:
    return bool(re.match(r"\d", unicodedata.normalize("NFKC", text)))


def _status(blank: str, action: Action, raw: Raw, asked: Asked) -> list[Settled]:
    """What became of an action; nothing where it is only said to be open."""
    text = _plain(raw.text)
    word = next((each for each in WORDS["moved"] if text.startswith(each)), None)
    if word:
        rest = text[len(word) :].strip(" 　:：→")
        due = day_of(rest, asked.day)
        if due is None:
            raise _NotUnderstood(_problem(raw.place, "moved", found=raw.text.strip()))
        _not_past(due, asked, raw.place, rest)
        return [Settled(blank, action, Done.OPEN, due)]
    found = _word(raw, "status", "done", "dropped", "open")
    return [] if found == "open" else [Settled(blank, action, Done(found))]


def _not_past(due: date, asked: Asked, place: Place, text: str) -> None:
    if due < asked.day:
        raise _NotUnderstood(_problem(place, "past", found=text, day=asked.day))


def _word(raw: Raw, case: str, *known: str) -> str:
    """Which of the words an answer is, in either language."""
    text = _plain(raw.text)
    found = next((name for name in known if text in WORDS[name]), None)
    if found is None:
        raise _NotUnderstood(_problem(raw.place, case, found=raw.text.strip()))
    return found


def onward(raw: Raw, miss: Miss, asked: Asked) -> Onward:
    """`date DAY`, `level CONDITION`, `lever NAME: METRIC CHANGE`, `stay`, in either language."""
    text = raw.text.strip()
    if _plain(text) in WORDS["stay"]:
        return Onward(Way.STAY)
    for way, read in _WAYS.items():
        word = next((each for each in WORDS[way.value] if _plain(text).startswith(each)), None)
        rest = text[len(word) :] if word else ""
        if word and rest[:1] in (" ", "　", ":", "："):
            body = rest.lstrip(" 　:：")
            place = raw.place.shifted(len(raw.text) - len(raw.text.lstrip()) + len(text) - len(body))
            try:
                return replace(read(Raw(body, place), miss, asked), place=place)
            except Mistake as mistake:
                raise _NotUnderstood(mistake.problem) from None
    raise _NotUnderstood(_problem(raw.place, "way", found=text))


def _dated(raw: Raw, _miss: Miss, asked: Asked) -> Onward:
    due = day_of(raw.text, asked.day)
    if due is None:
        raise _NotUnderstood(_problem(raw.place, "due", found=raw.text))
    if due <= asked.day:
        raise _NotUnderstood(_problem(raw.place, "past", found=raw.text, day=asked.day))
    return Onward(Way.DATE, date=due)


def _levelled(raw: Raw, miss: Miss, asked: Asked) -> Onward:
    """A condition of the milestone at another level, with its day; a bare level for a KPI's target."""
    if miss.is_kpi:
        level(raw.text, raw.place)
        return Onward(Way.LEVEL, condition=raw.text)
    cut = BY.search(raw.text)
    due = day_of(cut[1], asked.day) if cut else None
    if cut is None or due is None or due <= asked.day:
        raise _NotUnderstood(_problem(raw.place, "level_day", found=raw.text))
    text = raw.text[: cut.start()]
    wanted = condition(text, raw.place)
    name = f"{wanted.metric}.{wanted.part}" if wanted.part else wanted.metric
    promised = [each.metric for each in miss.milestone.conditions] if miss.milestone else []
    if name not in promised:
        raise _NotUnderstood(_problem(raw.place, "level", found=name, known=", ".join(dict.fromkeys(promised))))
    return Onward(Way.LEVEL, date=due, condition=text, metric=name)


def _levered(raw: Raw, _miss: Miss, asked: Asked) -> Onward:
    cut = COLONS.search(raw.text)
    body = raw.text[cut.end() :] if cut else ""
    metric, _, expect = body.strip().partition(" ")
    known = metric_of(metric, asked) if metric else None
    if not cut or not raw.text[: cut.start()].strip() or not expect:
        raise _NotUnderstood(_problem(raw.place, "lever", found=raw.text))
    at = cut.end() + len(body) - len(body.lstrip())
    if known is None:
        near = _near(metric, asked)
        raise _NotUnderstood(_problem(raw.place.shifted(at), "metric", found=metric, near=near))
    change(expect.strip(), raw.place.shifted(at + len(metric) + 1))
    return Onward(Way.LEVER, metric=known, expect=expect.strip(), name=raw.text[: cut.start()].strip())


_WAYS: Mapping[Way, Callable[[Raw, Miss, Asked], Onward]] = {
    Way.DATE: _dated,
    Way.LEVEL: _levelled,
    Way.LEVER: _levered,
}


def day_of(text: str, after: date) -> date | None:
    """A day as people write it: `2026-12-03`, `2026年12月3日`, and `12/3`, the next one from a day on."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if names_month(plain):
        return None
    if found := day_named(plain):
        return found
    short = SHORT.fullmatch(plain)
    days = [_day(year, short) for year in (after.year, after.year + 1)] if short else []
    return next((day for day in days if day and day >= after), None)


def _day(year: int, short: re.Match[str]) -> date | None:
    try:
        return date(year, int(short[1]), int(short[2]))
    except ValueError:
        return None


def metric_of(text: str, asked: Asked) -> str | None:
    """A metric by its name or by what it is called in either language."""
    plain = _plain(text)
    return next((metric for name, metric in _named(asked) if _plain(name) == plain), None)


def _named(asked: Asked) -> Iterator[tuple[str, str]]:
    yield from ((metric, metric) for metric in asked.meanings)
    yield from ((asked.project.label(each, lang), each) for each in asked.meanings for lang in LANGUAGES)


def _near(text: str, asked: Asked) -> str:
    names = [str(each) for each in asked.project.kpis] or list(asked.meanings)
    near = get_close_matches(text, [*asked.meanings], 1, cutoff=0.4)
    return near[0] if near else names[0] if names else ""


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().rstrip(".。").lower()


def _problem(place: Place, case: str, **args: object) -> Problem:
    return Problem(place, "Q160", {"case": case, **args})
