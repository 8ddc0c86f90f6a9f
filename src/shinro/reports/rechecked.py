"""Published values recomputed -> a report: how many are found again, and for each that is not, what came between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from shinro.definitions.meaning import meaning_of
from shinro.findings.drift import Drift, Recheck, Rechecked, Rows
from shinro.reports.problems import as_json as problems_json
from shinro.reports.problems import says
from shinro.reports.published import draft_json, exact, period_of, value_of
from shinro.reports.readings import Telling
from shinro.reports.report import Block, Cell, Column, Heading, Line, Plain, Report, Table, lines
from shinro.series import Meaning


def recheck_report(found: Recheck, telling: Telling, meanings: Mapping[str, Meaning]) -> Report:
    """The tally, a table of what drifted, and below it why: definitions before and after, rows that changed."""
    blocks: list[Block] = [Heading(telling.say("recheck.title", day=found.as_of.isoformat()), 1)]
    if not found.every:
        blocks.append(lines(telling.say("recheck.nothing")))
        return Report(telling.lang, tuple(blocks))
    counts = {"n": len(found.every), "same": _found(found), "drifted": len(found.drifted)}
    blocks.append(lines(telling.say("recheck.tally", **counts)))
    if found.restated:
        blocks.append(lines(Line(telling.words.plural("recheck.restated", found.restated), "quiet")))
    if found.drifted:
        blocks += [_table(found.drifted, telling, meanings), *_why(found.drifted, telling)]
        blocks.append(lines(*(Line(telling.say(f"recheck.next.{drift.name.lower()}")) for drift in _kinds(found))))
    return Report(telling.lang, tuple(blocks))


def _found(found: Recheck) -> int:
    return sum(each.found for each in found.every)


def _kinds(found: Recheck) -> list[Drift]:
    there = {drift for each in found.drifted for drift in each.drifts}
    return [drift for drift in Drift if drift in there]


def _table(drifted: Sequence[Rechecked], telling: Telling, meanings: Mapping[str, Meaning]) -> Table:
    columns = (
        Column(telling.say("status.metric"), main=True),
        Column(telling.say("status.period"), main=True),
        Column(telling.say("recheck.published"), "right"),
        Column(telling.say("recheck.again"), "right"),
        Column(telling.say("recheck.now"), "right"),
        Column(telling.say("recheck.drift")),
    )
    return Table(columns, tuple(_row(each, telling, meanings) for each in drifted))


def _row(each: Rechecked, telling: Telling, meanings: Mapping[str, Meaning]) -> tuple[Cell, ...]:
    draft = each.entry.draft
    meaning = meaning_of(draft.subject, meanings)
    figures = [value_of(figure, meaning, telling) for figure in (draft.figure, each.again, each.now)]
    named = telling.say("list.comma").join(telling.say(f"drift.{drift.name.lower()}") for drift in each.drifts)
    return (*map(Cell, (telling.label(draft.subject), period_of(draft, telling), *figures)), Cell(named))


def _why(drifted: Sequence[Rechecked], telling: Telling) -> Iterator[Block]:
    """Each cause once: what a definition said and says, which rows of which table are others, what cannot be read."""
    said: dict[str, None] = {}
    for each in drifted:
        for text in _causes(each, telling):
            said[text] = None
    if said:
        yield lines(*(Line(text, indent=2) for text in said))


def _causes(each: Rechecked, telling: Telling) -> Iterator[str]:
    metric = telling.label(each.entry.draft.subject)
    if Drift.DEFINITION in each.drifts and not each.definition:
        yield telling.say("recheck.forgotten", metric=metric)
    for key, before, after in each.definition:
        yield telling.say("recheck.definition", metric=metric, key=key, before=before or "–", after=after or "–")
    for rows in each.tables:
        yield _rows(each, rows, telling)
    for problem in each.problems:
        yield telling.say("recheck.problem", metric=metric, code=problem.code, says=says(problem, telling.words))


def _rows(each: Rechecked, rows: Rows, telling: Telling) -> str:
    origin = each.entry.draft.origin
    args = {
        "table": rows.table,
        "day": origin.as_of.isoformat() if origin else "–",
        "added": f"{rows.added:,}",
        "removed": f"{rows.removed:,}",
        "changed": f"{rows.changed:,}",
        "columns": ", ".join(f"{name} {n:,}" for name, n in rows.columns[:3]),
        "keys": ", ".join(rows.keys) or "–",
    }
    return telling.say("recheck.rows" if rows.columns else "recheck.whole_rows", **args)


def recheck_json(found: Recheck, telling: Telling) -> Plain:
    """The same as plain values, numbers exact."""
    return {
        "as_of": found.as_of.isoformat(),
        "checked": len(found.every),
        "found": _found(found),
        "restated": found.restated,
        "drifted": [_json(each, telling) for each in found.drifted],
    }


def _json(each: Rechecked, telling: Telling) -> Plain:
    return {
        "seq": each.entry.seq,
        **draft_json(each.entry.draft),
        "drift": [drift.value for drift in each.drifts],
        "again": exact(each.again),
        "then": exact(each.then),
        "now": exact(each.now),
        "definition": [{"what": key, "before": before, "after": after} for key, before, after in each.definition],
        "tables": [
            {
                "table": rows.table,
                "added": rows.added,
                "removed": rows.removed,
                "changed": rows.changed,
                "columns": dict(rows.columns),
                "keys": list(rows.keys),
            }
            for rows in each.tables
        ],
        "problems": problems_json(each.problems, telling.words),
    }
