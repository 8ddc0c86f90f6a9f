"""What changes would do -> blocks: the star, the milestones, the probabilities, which driver moves the star most."""

from __future__ import annotations

from collections.abc import Iterator

from shinro.findings.plans import Outcome, WhatIf
from shinro.reports.chances import chances_table, untold_lines, without_trends
from shinro.reports.dates import period, short_period
from shinro.reports.numbers import UNDEFINED, percent, signed
from shinro.reports.plan_words import difference, value_text
from shinro.reports.plans import conditions_table
from shinro.reports.readings import Telling
from shinro.reports.report import Block, Cell, Column, Heading, Line, Report, Table, lines
from shinro.series import Meaning, Nature, State

SHOWN = 12  # periods of the star


def what_if_report(found: WhatIf, telling: Telling) -> Report:
    """The whole answer."""
    return Report(telling.lang, (Heading(telling.say("whatif.title"), 1), *what_if_blocks(found, telling)))


def what_if_blocks(found: WhatIf, telling: Telling) -> Iterator[Block]:
    """The blocks of an answer."""
    yield _moves(found, telling)
    if notes := tuple(move_notes(found, telling)):
        yield lines(*(Line(note, "quiet") for note in notes))
    yield lines(_summary(found, telling))
    if any(each.before != each.after for each in found.outcomes):
        yield _star(found, telling)
    if found.conditions:
        yield Heading(telling.say("whatif.conditions"))
        yield conditions_table(found.conditions, telling, "whatif.after")
    said = [*untold_lines(found.untold, telling), *without_trends(found.chances, telling)]
    if found.chances or said:
        yield Heading(telling.say("whatif.chances"))
    if found.chances:
        yield chances_table(found.chances, telling, "whatif.after")
    yield from (lines(line) for line in said)
    if found.sensitivities and found.star:
        yield Heading(telling.say("whatif.sensitivity", star=telling.label(found.star)))
        yield _sensitivity(found, telling)
    left = [telling.say("back.unread", condition=text, why=telling.say(why)) for text, why in found.unread]
    if left:
        yield lines(*(Line(text, "quiet") for text in left))


def _summary(found: WhatIf, telling: Telling) -> Line:
    """What the star of the last period gains."""
    if found.star is None or not found.outcomes:
        return Line(telling.say("whatif.no_star"), "quiet")
    last = found.outcomes[-1]
    moved = any(each.unchanged != each.planned for each in found.conditions)
    if last.before == last.after and not moved:
        return Line(telling.say("whatif.same"), "quiet")
    return Line(
        telling.say(
            "whatif.star",
            star=telling.label(found.star),
            period=period(last.period, found.grain, telling.calendar, telling.words),
            before=value_text(last.before, last.meaning, telling),
            after=value_text(last.after, last.meaning, telling),
            difference=_gap(last, telling),
        ),
        "strong",
    )


def _gap(outcome: Outcome, telling: Telling) -> str:
    if outcome.before is None or outcome.after is None:
        return UNDEFINED
    return difference(outcome.after - outcome.before, outcome.meaning, telling)


def _moves(found: WhatIf, telling: Telling) -> Table:
    columns = (
        Column(telling.say("whatif.change"), main=True),
        Column(telling.say("whatif.from")),
        Column(telling.say("whatif.before"), "right"),
        Column(telling.say("whatif.after"), "right", main=True),
    )
    rows = []
    for move in found.moves:
        meaning = move.meaning or Meaning(move.metric, Nature.FLOW)
        values = (value_text(each, meaning, telling) for each in (move.before, move.after))
        name = period(move.first, found.grain, telling.calendar, telling.words)
        rows.append((Cell(f"{telling.label(move.metric)} ({move.text})", "strong"), Cell(name), *map(Cell, values)))
    return Table(columns, tuple(rows))


def move_notes(found: WhatIf, telling: Telling) -> Iterator[str]:
    """What a change could not do as it was written."""
    for move in found.moves:
        name = period(move.first, found.grain, telling.calendar, telling.words)
        meaning = move.meaning or Meaning(move.metric, Nature.FLOW)
        if move.passed:
            yield telling.say("whatif.passed", change=move.text, first=name)
        if move.stopped:
            yield telling.say("whatif.stopped", change=move.text, level=value_text(move.after, meaning, telling))


def _star(found: WhatIf, telling: Telling) -> Table:
    columns = (
        Column(telling.say("status.period"), main=True),
        Column(telling.say("whatif.before"), "right"),
        Column(telling.say("whatif.after"), "right", main=True),
        Column(telling.say("whatif.difference"), "right"),
    )
    rows = []
    for each in found.outcomes[:SHOWN]:
        name = short_period(each.period, found.grain, telling.calendar, telling.words)
        values = (value_text(value, each.meaning, telling) for value in (each.before, each.after))
        rows.append((Cell(name), *map(Cell, values), Cell(_gap(each, telling))))
    return Table(columns, tuple(rows))


def _sensitivity(found: WhatIf, telling: Telling) -> Table:
    last = found.outcomes[-1]
    when = period(last.period, found.grain, telling.calendar, telling.words)
    columns = (
        Column(telling.say("back.driver"), main=True),
        Column("", bare=True),
        Column(telling.say("whatif.gain", period=when), "right", main=True),
        Column(telling.say("whatif.share"), "right"),
        Column(telling.say("status.owner")),
    )
    rows = []
    for each in found.sensitivities:
        kpi = telling.project.kpi(each.driver)
        share = UNDEFINED if each.share is None else f"{'+' if each.share > 0 else ''}{percent(each.share)}%"
        tone = State.AHEAD if each is found.sensitivities[0] else None
        cells = (
            telling.label(each.driver),
            signed(each.step * 100, "%"),
            difference(each.gain, last.meaning, telling),
            share,
        )
        owners = ", ".join(map(str, kpi.owner)) if kpi else ""
        rows.append((Cell(cells[0], tone or "strong"), *map(Cell, cells[1:]), Cell(owners)))
    return Table(columns, tuple(rows))
