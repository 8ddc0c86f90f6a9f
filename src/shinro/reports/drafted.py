"""What a draft found, guessed and asks, as a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shinro.drafts.parts import Note
from shinro.drafts.text import sentence
from shinro.reports.report import Block, Heading, Line, Lines, Report
from shinro.reports.words import Words


def drafted_report(file: str, folder: str, notes: Iterable[Note], asks: Iterable[str], words: Words) -> Report:
    """Where the project was written, what was found and guessed, what only its people can answer, and what is next."""
    said = [*notes]
    parts: list[Block] = [Lines((Line(words.say("drafts.written", file=file), "strong"),))]
    for how in ("found", "guess"):
        lines = tuple(Line(f"- {told(note, words)}") for note in said if note.how == how)
        parts += [Heading(words.say(f"drafts.{how}")), Lines(lines)] if lines else []
    questions = tuple(Line(f"{n}. {ask}") for n, ask in enumerate(asks, 1))
    parts += [Heading(words.say("drafts.asks")), Lines(questions)]
    commands = (Line(f"shinro check -p {folder}", indent=2), Line(f"shinro status -p {folder}", indent=2))
    return Report(words.lang, (*parts, Lines((Line(words.say("drafts.next", file=file)), *commands))))


def told(note: Note, words: Words) -> str:
    """A note in words; a join's lost keys are a clause of their own, and a vendor stands behind its file."""
    if note.key == "join":
        lost = note.args.get("lost")
        clause = words.say("drafts.found.lost", lost=", ".join(lost)) if isinstance(lost, tuple) and lost else ""
        return words.say("drafts.found.join", **{**note.args, "lost": clause})
    line = sentence(note, words.say)
    if note.args.get("vendor"):
        return line + words.say("drafts.found.vendor", **note.args)
    return line


def drafted_json(
    file: str, text: str, notes: Iterable[Note], asks: Iterable[str], words: Words
) -> Mapping[str, object]:
    """The same as plain values, with the text that was written."""
    said = [{"how": note.how, "key": note.key, "says": told(note, words)} for note in notes]
    return {"file": file, "text": text, "notes": said, "asks": list(asks)}
