"""What moved between segments: of money it adds up to 0, of companies in several segments with the overlap."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from random import Random

from shinro.findings.segments import SegmentFindings, SegmentLine
from shinro.periods import Grain, Period
from shinro.queries.scans import Want
from shinro.reports.readings import Telling
from shinro.reports.report import Report
from shinro.reports.segments import segments_blocks
from shinro.reports.segments_json import segments_json
from shinro.reports.terminal import render
from shinro.reports.words import words
from shinro.run.gathering import Gathered
from shinro.run.segments import segments_of
from stories import NOW, Story

PROJECT = """\
company: Sora
currency: USD
timezone: UTC
sources: {app: {type: files, path: data/*.csv}}
tables:
  subs: {from: app.subs, entity: company, starts: starts, ends: ends, amount: amount, dimensions: [plan, region]}
metrics: {revenue: {recurring: subs}}
"""
COLUMNS = "company,starts,ends,amount,plan,region\n"
KEPT = COLUMNS + (
    "A,2026-01-05,,100,gold,us\nA,2026-02-10,,50,silver,us\n"  # keeps gold and adds silver
    "B,2026-01-05,2026-02-05,100,gold,us\nB,2026-02-05,,100,silver,us\n"  # goes over
    "C,2026-01-07,,30,silver,us\n"
)
BRIDGE = (("new_companies", 1), ("reactivated_companies", 1), ("churned_companies", -1))
MONTHS = [Period(one, until) for one, until in pairwise(date(2026, number, 1) for number in range(1, 6))]


def hostile(random: Random) -> str:
    """Companies with several plans in several regions, that come, go and come back."""
    rows = []
    for number in range(30):
        for _ in range(random.randint(1, 6)):
            starts = date(2026, random.randint(1, 4), random.randint(1, 28))
            ends = date(2026, random.randint(starts.month, 5), 28) if random.random() < 0.6 else ""
            place = f"{random.choice('gsb')},{random.choice(['us', 'eu', ''])}"
            rows.append(f"c{number},{starts},{ends},{random.choice([10, 20, 30])},{place}\n")
    return COLUMNS + "".join(rows)


def company(folder: Path, rows: str) -> Story:
    made = Story(folder, NOW)
    made.write("shinro.yaml", PROJECT)
    made.write("data/subs.csv", rows)
    return made


def brought(gathered: Gathered, metric: str, after: int, *by: str) -> SegmentFindings:
    return segments_of(gathered, metric, Grain.MONTH, MONTHS[after - 1], MONTHS[after], by)


def levels(found: SegmentFindings) -> Iterator[tuple[Fraction, list[Fraction]]]:
    """Of what is cut at every level: what moved into it, and what moved into its parts and their overlap."""
    for split in (*found.splits, *([found.nested] if found.nested else [])):
        yield Fraction(0), [*(line.moved or Fraction(0) for line in split.lines), split.overlap_moved or Fraction(0)]
        for line in split.lines if split is found.nested else ():
            parts = [one.moved or Fraction(0) for one in line.lines]
            yield line.moved or Fraction(0), [*parts, line.overlap_moved or Fraction(0)]


def lines_of(found: SegmentFindings) -> Iterator[SegmentLine]:
    for split in (*found.splits, *([found.nested] if found.nested else [])):
        for line in split.lines:
            yield from (line, *line.lines)


def test_who_keeps_one_plan_and_adds_another_is_in_the_overlap(tmp_path: Path) -> None:
    with company(tmp_path, KEPT).gathered(date(2026, 3, 2)) as held:
        found = brought(held, "revenue.companies", 1, "plan")
        (split,) = found.splits
        money = brought(held, "revenue.mrr", 1, "plan").splits[0]
        telling = Telling(words("ja"), held.opened.project)
        text = render(Report("ja", tuple(segments_blocks(found, telling))), 400)
        told = segments_json(found, telling)
    assert [line.segment[0][1] for line in split.lines] == ["silver", "gold"]
    assert [(line.change, line.moved) for line in split.lines] == [(Fraction(n), Fraction(n)) for n in (2, -1)]
    assert {split.gap, split.overlap + 1, (split.overlap_moved or 0) + 1} == {0}
    assert "支払いを続ける会社の出入り" in text
    assert "別のセグメント" not in text
    assert "'overlap_moved': {'value': '-1'" in str(told)
    assert money.overlap_moved == 0
    assert [line.moved for line in money.lines] == [100, -100]


def test_what_moved_closes_at_every_level(tmp_path: Path) -> None:
    """And a segment's change is what moved, what is new or back, less what churned: exactly, however it is cut."""
    rows = hostile(Random(1))  # noqa: S311 - a company, no secret
    with company(tmp_path, rows).gathered(date(2026, 5, 2)) as held:
        for metric in ("revenue.companies", "revenue.mrr"):
            for after in (1, 3):
                for asked in (("plan", "region"), ()):
                    found = brought(held, metric, after, *asked)
                    assert all(sum(parts) == whole for whole, parts in levels(found))
        found, overlap = brought(held, "revenue.companies", 2, "plan", "region"), 0
        cuts = [("plan",), ("region",), ("plan", "region")]
        wants = {(by, part): Want(f"revenue.{part}", Grain.MONTH, by) for by in cuts for part, _ in BRIDGE}
        measured = held.measure(wants.values())
        for line in lines_of(found):
            flows = sum(
                sign * (point.value or 0)
                for part, sign in BRIDGE
                for one in measured[wants[tuple(name for name, _ in line.segment), part]]
                for point in one.points
                if one.segment == line.segment and point.period == MONTHS[2]
            )
            assert line.change == flows + (line.moved or 0)
            overlap += line.overlap_moved not in (None, 0)
        assert overlap


def test_churn_of_companies_in_several_segments_is_cut_and_adds_up_with_the_overlap(tmp_path: Path) -> None:
    rows = hostile(Random(1))  # noqa: S311 - a company, no secret
    with company(tmp_path, rows).gathered(date(2026, 5, 2)) as held:
        found = brought(held, "revenue.churn_rate", 2, "plan", "region")
    assert found.unsplit is None
    for split in (*found.splits, *([found.nested] if found.nested else [])):
        assert split.gap == sum((line.change for line in split.lines), split.overlap) != 0
        assert split.overlap
