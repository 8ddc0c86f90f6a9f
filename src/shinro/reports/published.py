"""What a publishing would write, what it wrote, what was restated -> a report, or plain values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from shinro.definitions.meaning import meaning_of
from shinro.entries import Checkpoint, Draft, Entry, Figure
from shinro.periods import Grain
from shinro.problems import Problem
from shinro.reports.dates import period
from shinro.reports.numbers import number
from shinro.reports.problems import as_json as problems_json
from shinro.reports.problems import problems_report
from shinro.reports.readings import Telling
from shinro.reports.report import Block, Cell, Column, Heading, Line, Plain, Report, Table, lines
from shinro.series import Meaning
from shinro.units import decimal_text

Pair = tuple[Entry, Draft]  # what stands, and what takes its place


@dataclass(frozen=True, slots=True)
class Offered:
    """What a publishing would write, and what there is to say of it."""

    pledges: Sequence[Draft]
    reports: Sequence[Draft]
    standing: int
    differs: Sequence[Pair]
    errors: Sequence[Problem]
    unmeasured: Sequence[tuple[str, str]]
    as_of: date
    names: Mapping[int, str] = field(default_factory=dict)  # what a pledge replaces, by its entry


def offer_report(offered: Offered, telling: Telling, meanings: Mapping[str, Meaning]) -> Report:
    """What is new: a row a metric, a line a milestone or target; what stands in the way; what else is to be known."""
    blocks: list[Block] = [Heading(telling.say("publish.title", day=offered.as_of.isoformat()), 1)]
    if offered.errors:
        waiting = telling.words.plural("publish.waiting", len(offered.reports) + len(offered.pledges))
        told = problems_report(offered.errors, telling.words).blocks
        return Report(
            telling.lang, (*blocks, lines(telling.say("publish.blocked")), *told, lines(Line(waiting, "quiet")))
        )
    if not offered.pledges and not offered.reports:
        blocks.append(lines(telling.say("publish.nothing" if offered.standing else "publish.nothing_over")))
    if offered.reports:
        blocks += [
            lines(telling.words.plural("publish.values", len(offered.reports))),
            _table(offered.reports, telling, meanings),
        ]
    if offered.pledges:
        blocks.append(lines(*(Line(pledge_line(each, telling, offered.names)) for each in offered.pledges)))
    blocks += [lines(*rest)] if (rest := list(_rest(offered, telling))) else []
    return Report(telling.lang, tuple(blocks))


def _rest(offered: Offered, telling: Telling) -> Iterator[Line]:
    if offered.standing:
        yield Line(telling.words.plural("publish.standing", offered.standing), "quiet")
    if offered.differs:
        yield Line(telling.words.plural("publish.differs", len(offered.differs)), "strong")
    for metric, why in offered.unmeasured:
        yield Line(
            telling.say("publish.unmeasured", metric=telling.label(metric), why=telling.say(why, metrics=metric))
        )


def _table(drafts: Sequence[Draft], telling: Telling, meanings: Mapping[str, Meaning]) -> Table:
    """A row a metric: its new periods from the first to the last, and the newest value."""
    columns = (
        Column(telling.say("status.metric"), main=True),
        Column(telling.say("publish.periods")),
        Column(telling.say("publish.newest"), "right"),
    )
    groups: dict[tuple[str, Grain | None], list[Draft]] = {}
    for draft in drafts:
        groups.setdefault((draft.subject, draft.grain), []).append(draft)
    rows = [
        (
            Cell(telling.label(subject)),
            Cell(_span(found, telling)),
            Cell(value_of(found[-1].figure, meaning_of(subject, meanings), telling)),
        )
        for (subject, _), found in groups.items()
    ]
    return Table(columns, tuple(rows))


def _span(drafts: Sequence[Draft], telling: Telling) -> str:
    first, last = period_of(drafts[0], telling), period_of(drafts[-1], telling)
    return first if len(drafts) == 1 else telling.say("publish.span", first=first, last=last, n=len(drafts))


def period_of(draft: Draft, telling: Telling) -> str:
    """The period of a published value, as people name it."""
    if draft.period is None or draft.grain is None:
        return ""
    return period(draft.period, draft.grain, telling.calendar, telling.words)


def value_of(figure: Figure | None, meaning: Meaning, telling: Telling) -> str:
    """A published number in words; `–` where it is undefined or there is none."""
    return number(figure.value if figure else None, meaning, telling.lang)


def pledge_line(draft: Draft, telling: Telling, names: Mapping[int, str]) -> str:
    """A milestone or a target that is new, was changed, stands in another's place, or was given up."""
    kind, old = draft.kind.value, names.get(draft.replaces, draft.subject) if draft.replaces is not None else ""
    how = "given_up" if draft.data.get("given_up") else "new" if draft.replaces is None else "moved"
    how = "instead" if how == "moved" and old != draft.subject else how
    subject = draft.subject if kind == "milestone" else telling.label(draft.subject)
    return telling.say(f"publish.{kind}.{how}", subject=subject, says=_said(draft, telling), old=old)


def _said(draft: Draft, telling: Telling) -> str:
    reach = draft.data.get("reach")
    comma = telling.say("list.comma")
    if isinstance(reach, list | tuple):
        return telling.say("publish.by", due=draft.data.get("due", "–"), reach=comma.join(map(str, reach)))
    told = [f"{key} {_plain(value)}" for key, value in draft.data.items() if key not in ("said", "before", "file")]
    return comma.join([*told, *([telling.say("publish.file")] if "file" in draft.data else [])])


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {each}" for key, each in value.items())
    return str(value)


def published_report(entries: Sequence[Entry], checkpoint: Checkpoint, telling: Telling) -> Report:
    """What was written, and the checkpoint with what to do with it."""
    seqs = "–".join(dict.fromkeys(str(each.seq) for each in (*entries[:1], *entries[-1:])))
    said = telling.say("publish.written", n=len(entries), seqs=seqs) if entries else ""
    note = [Line(text, verbatim=True, indent=2) for text in checkpoint.text.rstrip("\n").split("\n")]
    advice = lines(Line(telling.say("publish.hold"), "strong"), Line(telling.say("publish.proves"), "quiet"))
    return Report(telling.lang, tuple(filter(None, (lines(said) if said else None, lines(*note), advice))))


def restated_report(pairs: Sequence[Pair], telling: Telling, meanings: Mapping[str, Meaning]) -> Report:
    """What takes the place of what; the old value stays in sight."""
    columns = (
        Column(telling.say("status.metric"), main=True),
        Column(telling.say("status.period")),
        Column(telling.say("restate.old"), "right"),
        Column(telling.say("restate.new"), "right"),
        Column(telling.say("restate.definition")),
    )
    rows = [_restated(old, new, telling, meanings) for old, new in pairs]
    return Report(telling.lang, (Heading(telling.say("restate.title"), 1), Table(columns, tuple(rows))))


def _restated(old: Entry, new: Draft, telling: Telling, meanings: Mapping[str, Meaning]) -> tuple[Cell, ...]:
    meaning = meaning_of(new.subject, meanings)
    values = (value_of(each.figure, meaning, telling) for each in (old.draft, new))
    other = old.draft.origin and new.origin and old.draft.origin.definition != new.origin.definition
    texts = (telling.label(new.subject), period_of(new, telling), *values)
    return (*map(Cell, texts), Cell(telling.say("restate.other") if other else telling.say("restate.same")))


def offer_json(offered: Offered, telling: Telling) -> Plain:
    """The same as plain values."""
    return {
        "as_of": offered.as_of.isoformat(),
        "new": [draft_json(draft) for draft in (*offered.pledges, *offered.reports)],
        "standing": offered.standing,
        "differs": [pair_json(old, new) for old, new in offered.differs],
        "unmeasured": {metric: telling.say(why, metrics=metric) for metric, why in offered.unmeasured},
        "problems": problems_json(offered.errors, telling.words),
    }


def draft_json(draft: Draft) -> Plain:
    """A draft as plain values, numbers exact."""
    found: Plain = {"kind": draft.kind.value, "subject": draft.subject}
    if draft.grain and draft.period:
        found |= {"grain": draft.grain.value, "period": [draft.period.start.isoformat(), draft.period.last.isoformat()]}
    if draft.figure:
        found |= {"value": exact(draft.figure), "unit": draft.figure.unit}
    if draft.replaces is not None:
        found["replaces"] = draft.replaces
    return found | ({"data": dict(draft.data)} if draft.figure is None else {})


def exact(figure: Figure | None) -> str | None:
    """A figure's value as exact text; None where it is undefined, or there is none."""
    return None if figure is None or figure.value is None else decimal_text(figure.value)


def pair_json(old: Entry, new: Draft) -> Plain:
    """What stands, and what takes its place."""
    return {"seq": old.seq, "published": exact(old.draft.figure), **draft_json(new)}


def written_json(entries: Iterable[Entry], checkpoint: Checkpoint) -> Plain:
    """What was written."""
    made = [{"seq": entry.seq, **draft_json(entry.draft)} for entry in entries]
    return {"entries": made, "checkpoint": checkpoint.text, "size": checkpoint.size}
