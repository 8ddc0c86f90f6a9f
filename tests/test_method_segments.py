"""The examples of docs/methods/segments.md and docs/methods/breaks.md, as the pages say them."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

from made_up import STORY, project_of
from shinro.analysis.breaks import breaks
from shinro.analysis.mix import Cut, Whole, pooled, ratio_cell, split
from shinro.analysis.strains import Kind
from shinro.definitions.meaning import meanings
from shinro.findings.segments import Against, SegmentFindings, Side, Split
from shinro.periods import Period
from shinro.reports.numbers import gap
from shinro.reports.readings import Telling
from shinro.reports.segments import break_text, remarks
from shinro.reports.words import words
from shinro.series import Segment

METHODS = Path(__file__).parent.parent / "docs" / "methods"
SEGMENTS = (METHODS / "segments.md").read_text("utf-8")
BREAKS = (METHODS / "breaks.md").read_text("utf-8")
PROJECT = project_of(STORY)
RATE = replace(meanings(PROJECT)["reply_rate"], percent=True)
TELLING = Telling(words("en"), PROJECT)


def quoted(page: str) -> str:
    (found,) = re.findall(r"(?:^> .*\n)+", page, re.MULTILINE)
    return str(found).replace("> ", "").replace("\n", " ").strip()


def findings(cut: Cut) -> SegmentFindings:
    before, after = pooled(cut, ())[()]
    assert before is not None
    assert after is not None
    name = next(iter(cut))[0][0]
    made = split((name,), Whole(before, after), [pooled(cut, (name,))])
    assert made is not None
    months = Period(date(2026, 8, 1), date(2026, 9, 1)), Period(date(2026, 9, 1), date(2026, 10, 1))
    return SegmentFindings(RATE, *months, Against.LAST, (name,), splits=(made,), breaks=breaks(cut, Kind.ODDS))


def brought(found: Split) -> dict[str, list[str]]:
    """Every line of a table: what it brought, by mix, by rate."""
    lines = {str(line.segment[0][1]): (line.change, line.mix, line.rate) for line in found.lines}
    lines["whole"] = (found.gap, found.mix, found.rate)
    return {name: [gap(part, RATE, "en") for part in parts] for name, parts in lines.items()}


def test_the_table_of_segments_is_what_comes_out() -> None:
    rows = re.findall(r"^\| (small|large|whole) \| (\d+)/(\d+) \| (\d+)/(\d+) \| (.*) \|$", SEGMENTS, re.MULTILINE)
    cells: dict[Segment, tuple[Fraction, ...]] = {
        (("size", name),): tuple(map(Fraction, parts)) for name, *parts, _ in rows if name != "whole"
    }
    found = findings({at: (ratio_cell(n[0], n[1]), ratio_cell(n[2], n[3])) for at, n in cells.items()})

    assert len(rows) == 3
    assert brought(found.splits[0]) == {name: rest.split(" | ") for name, *_, rest in rows}
    assert list(remarks(found.splits[0], found, TELLING)) == [quoted(SEGMENTS)]


def test_the_break_is_what_comes_out() -> None:
    (sheet,) = re.findall(r"```csv\n(.*?)```", BREAKS, re.DOTALL)
    cut: dict[Segment, tuple[Side, Side]] = {}
    for row in csv.DictReader(sheet.splitlines()):
        number = {name: Fraction(row[name]) for name in row if name not in ("channel", "team")}
        before = ratio_cell(number["replies"], number["calls"])
        after = ratio_cell(number["replies_after"], number["calls_after"])
        cut[("channel", row["channel"]), ("team", row["team"])] = (before, after)
    found = findings(cut)

    assert found.breaks is not None
    (one,) = found.breaks.breaks
    assert break_text(one, found, TELLING) == quoted(BREAKS)
