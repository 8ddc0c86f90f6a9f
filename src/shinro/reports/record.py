"""The record -> a report: what stands in it, whether it is what it was, where its keys are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from shinro.entries import Checkpoint, Entry, Kind
from shinro.problems import Problem
from shinro.reports.numbers import number
from shinro.reports.problems import as_json as problems_json
from shinro.reports.problems import problem_lines
from shinro.reports.readings import Telling
from shinro.reports.report import Block, Cell, Column, Heading, Line, Lines, Plain, Report, Table, Tone, lines
from shinro.reports.words import Words
from shinro.series import Meaning
from shinro.units import decimal_text

COLUMNS = (
    Column("record.seq", "right"),
    Column("record.written"),
    Column("record.kind", main=True),
    Column("record.about", main=True),
    Column("record.period"),
    Column("record.value", "right"),
    Column("record.note", bare=True),
)


def log_report(
    entries: Sequence[Entry], head: Checkpoint, limit: int, told: Telling, meanings: Mapping[str, Meaning]
) -> Report:
    """The newest entries, oldest of them first, and the head."""
    shown = entries[-limit:] if limit > 0 else entries
    words = told.words
    columns = tuple(Column(words.say(each.title), each.align, each.main, each.bare) for each in COLUMNS)
    replaced = {entry.draft.replaces: entry.seq for entry in entries if entry.draft.replaces is not None}
    rows = tuple(_row(entry, replaced.get(entry.seq), told, meanings) for entry in shown)
    left = [lines(words.plural("record.left_out", len(entries) - len(shown)))] if len(shown) < len(entries) else []
    blocks: tuple[Block, ...] = (
        Heading(words.plural("record.title", len(entries)), 1),
        *left,
        Table(columns, rows),
        lines(words.say("record.head", head=head.short), words.say("record.hand_out")),
    )
    return Report(words.lang, blocks)


def _row(entry: Entry, by: int | None, told: Telling, meanings: Mapping[str, Meaning]) -> tuple[Cell, ...]:
    draft = entry.draft
    tone: Tone = "quiet" if by is not None or draft.kind is Kind.KEY else None
    texts = (
        str(entry.seq),
        _moment(entry.written_at, told),
        told.say(f"record.kind.{draft.kind.value}"),
        _about(entry, told),
        told.calendar.label(draft.period, draft.grain) if draft.period and draft.grain else "",
        _value(entry, told, meanings),
        "; ".join(_notes(entry, by, told)),
    )
    return tuple(Cell(text, tone) for text in texts)


def _moment(written: datetime, told: Telling) -> str:
    return f"{written.astimezone(ZoneInfo(told.calendar.zone)):%Y-%m-%d %H:%M}"


def _about(entry: Entry, told: Telling) -> str:
    draft = entry.draft
    if draft.kind is Kind.KEY:
        return str(draft.data.get("key", ""))[:16]
    name = told.label(draft.subject) if draft.kind in (Kind.REPORT, Kind.RESTATE, Kind.TARGET) else draft.subject
    cut = told.say("list.comma").join(f"{dimension}={value or '–'}" for dimension, value in draft.segment)
    return f"{name} ({cut})" if cut else name


def _value(entry: Entry, told: Telling, meanings: Mapping[str, Meaning]) -> str:
    figure, meaning = entry.draft.figure, meanings.get(entry.draft.subject)
    if figure is None:
        return ""
    if meaning is None:
        return f"{decimal_text(figure.value)} {figure.unit}" if figure.value is not None else "–"
    return number(figure.value, meaning, told.lang)


def _notes(entry: Entry, by: int | None, told: Telling) -> list[str]:
    roles = sorted(role for role in entry.hashes if not role.startswith("segment."))
    found = [entry.words.get(role) or told.say("record.erased") for role in roles]
    if entry.draft.replaces is not None:
        found.insert(0, told.say("record.replaces", seq=entry.draft.replaces))
    if by is not None:
        found.append(told.say("record.replaced", seq=by))
    if entry.late:
        found.append(told.say("record.late"))
    return found


def log_json(entries: Sequence[Entry], head: Checkpoint) -> Plain:
    """The same as plain values, whole and exact."""
    return {"checkpoint": _head_json(head), "entries": [entry_json(entry) for entry in entries]}


def _head_json(head: Checkpoint) -> Plain:
    return {"origin": head.origin, "size": head.size, "root": head.root, "text": head.text}


def entry_json(entry: Entry) -> Plain:
    """An entry as plain values; numbers exact as text. What was erased is None."""
    draft, figure, origin = entry.draft, entry.draft.figure, entry.draft.origin
    return {
        "seq": entry.seq,
        "kind": draft.kind.value,
        "written_at": entry.written_at.isoformat(),
        "actor": entry.words.get("actor"),
        "subject": draft.subject,
        "grain": draft.grain.value if draft.grain else None,
        "period": [_day(draft.period.start), _day(draft.period.end)] if draft.period else None,
        "segment": [list(each) for each in draft.segment],
        "value": decimal_text(figure.value) if figure and figure.value is not None else None,
        "unit": figure.unit if figure else None,
        "mark": figure.mark.value if figure else None,
        "definition": origin.definition if origin else None,
        "replaces": draft.replaces,
        "late": entry.late,
        "data": dict(draft.data),
        "texts": {role: entry.words.get(role) for role in entry.hashes},
    }


def _day(day: date) -> str:
    return day.isoformat()


def verdict_report(
    size: int, head: Checkpoint | None, own: int, held: Sequence[tuple[str, Checkpoint, bool]], erased: int,
    problems: Sequence[Problem], words: Words,
) -> Report:  # fmt: skip
    """Whether the book is what it was, and by what that is known."""
    wrong = [line for each in problems for line in problem_lines(each, words)]
    well = not any(each.severity.rank == 0 for each in problems)
    rows = [Line(words.say(_finding(problems)), "strong"), *wrong]
    if head:
        rows += [Line(words.plural("record.entries", size)), Line(words.plural("record.own", own))]
    rows += [
        Line(words.say("record.held" if holds else "record.not_held", name=name, size=note.size))
        for name, note, holds in held
    ]
    rows += [Line(words.plural("record.erased_texts", erased))] if erased else []
    rows += [Line(words.say("record.proves" if held and well else "record.proves_little"), "quiet")] if well else []
    return Report(words.lang, (Heading(words.say("record.verify"), 1), Lines(tuple(rows))))


def _finding(problems: Sequence[Problem]) -> str:
    """The sentence that says in one what was found."""
    if severe := {each.code for each in problems if each.severity.rank == 0}:
        return "record.none_held" if severe == {"B808"} else "record.wrong"
    return "record.unguarded" if any(each.code == "B818" for each in problems) else "record.well"


def verdict_json(
    size: int, head: Checkpoint | None, own: int, held: Sequence[tuple[str, Checkpoint, bool]], erased: int,
    first_bad: int | None, problems: Sequence[Problem], words: Words,
) -> Plain:  # fmt: skip
    """The same as plain values."""
    return {
        "entries": size,
        "checkpoint": _head_json(head) if head else None,
        "own_checkpoints": own,
        "held": [{"from": name, "size": note.size, "root": note.root, "holds": holds} for name, note, holds in held],
        "erased": erased,
        "first_bad": first_bad,
        "problems": problems_json(problems, words),
        "failed": any(each.severity.rank == 0 for each in problems),
    }


def keys_report(folder: Path, keys: Sequence[tuple[Path, bytes]], in_force: bytes | None, words: Words) -> Report:
    """Where the keys are, and which one signs."""
    columns = (Column(words.say("record.key"), main=True), Column(words.say("record.file")), Column("", bare=True))
    rows = tuple(
        (Cell(key.hex()[:16]), Cell(file.name), Cell(words.say("record.signs") if key == in_force else ""))
        for file, key in keys
    )
    there = in_force is None or any(key == in_force for _, key in keys)
    after = (
        [words.say("record.keys_backup")]
        if there
        else [words.say("record.key_away", key=(in_force or b"").hex()[:16]), words.say("record.key_lost")]
    )
    table = (
        [Table(columns, rows)]
        if rows
        else [lines(words.say("record.no_keys" if in_force is None else "record.no_key_of_it"))]
    )
    blocks: tuple[Block, ...] = (Heading(words.say("record.keys"), 1), lines(str(folder)), *table, lines(*after))
    return Report(words.lang, blocks)
