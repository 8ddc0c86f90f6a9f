"""Dimensions that a ratio's own definition decides: never where it broke."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from shinro.definitions.fixed import fixed
from shinro.definitions.project import read_project
from shinro.findings.segments import SegmentFindings
from shinro.periods import Grain, Period
from shinro.reports.readings import Telling
from shinro.reports.report import Report
from shinro.reports.segments import segments_blocks
from shinro.reports.segments_json import segments_json
from shinro.reports.terminal import render
from shinro.reports.words import words
from shinro.run.segments import segments_of
from stories import STORY, Story, story

PROJECT = """
company: A
timezone: UTC
currency: JPY
sources: {crm: {type: files, path: data/*.csv}}
tables:
  deals: {from: crm.deals, key: id, time: opened, times: {closed: closed}, entity: id, amount: amount,
          dimensions: [stage, kind, rep], joins: {reps: rep}}
  reps: {from: crm.reps, key: rep, dimensions: [team]}
metrics:
  deals: {count: deals}
  won: {count: deals, at: closed, where: stage = 'won'}
  lost: {count: deals, at: closed, where: stage = 'lost'}
  closed: {count: deals, at: closed, where: "stage in ('won', 'lost')"}
  new_won: {count: deals, at: closed, where: kind = 'new' and stage = 'won'}
  new_closed: {count: deals, at: closed, where: "kind = 'new' and (stage = 'won' or stage = 'lost')"}
  east: {count: deals, where: reps.team = 'east'}
  amount: {sum: deals.amount, at: closed, where: stage = 'won'}
  win_rate: {ratio: won / closed}
  by_formula: {ratio: won / (won + lost)}
  derived: {derived: won / (won + lost)}
  nested: {derived: win_rate + won / deals}
  new_win_rate: {ratio: new_won / new_closed}
  new_share: {ratio: new_won / won}
  east_share: {ratio: east / deals}
  deal_size: {ratio: amount / won}
  settled: {derived: won + lost}
  converted: {conversion: deals, to: won, within: 90 days}
"""
DIMENSIONS = ("stage", "kind", "rep", "team")
APRIL, MAY = Period(date(2026, 4, 1), date(2026, 5, 1)), Period(date(2026, 5, 1), date(2026, 6, 1))


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("win_rate", ("stage",)),
        ("by_formula", ("stage",)),
        ("derived", ("stage",)),
        ("nested", ("stage",)),
        ("new_win_rate", ("stage",)),  # both ask for the same kind
        ("new_share", ("kind",)),  # both ask for the same stage
        ("east_share", ("team",)),
        ("deal_size", ()),
        ("settled", ()),
        ("won", ()),
        ("converted", ("stage",)),
        ("nothing", ()),
    ],
)
def test_what_the_parts_ask_differently_is_decided_by_the_definition(metric: str, expected: tuple[str, ...]) -> None:
    project, _ = read_project(PROJECT, "shinro.yaml", dict[str, str]().get)
    assert fixed(project, metric, DIMENSIONS) == expected


@pytest.fixture
def made(tmp_path: Path) -> Story:
    return story(tmp_path, STORY)


def cut(made: Story, *by: str) -> SegmentFindings:
    with made.gathered(date(2026, 6, 2)) as gathered:
        return segments_of(gathered, "win_rate", Grain.MONTH, APRIL, MAY, by)


def test_a_win_rate_is_not_looked_for_in_the_stage(made: Story) -> None:
    found = cut(made)
    assert found.dimensions == ("rep",)  # and neither the owner nor the office, which cut as it does
    assert found.by_definition == ()


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "reads stage in its own definition"), ("ja", "定義の中でstageを条件")]
)
def test_one_that_is_asked_for_is_shown_and_said_to_be_by_definition(made: Story, lang: str, said: str) -> None:
    found = cut(made, "stage")
    assert (found.dimensions, found.breaks, found.by_definition) == (("stage",), None, ("stage",))
    assert [split.dimensions for split in found.splits] == [("stage",)]
    project, _ = read_project(STORY, "shinro.yaml", dict[str, str]().get)
    telling = Telling(words(lang), project)
    assert said in render(Report(lang, tuple(segments_blocks(found, telling))), 400)
    told = segments_json(found, telling)
    assert isinstance(told, dict)
    assert told["by_definition"] == ["stage"]


def test_a_table_with_no_other_dimension_says_so(tmp_path: Path) -> None:
    text = STORY.replace("dimensions: [rep, owner, stage]", "dimensions: [stage]").replace(
        "    joins: {agents: rep}\n", ""
    )
    assert cut(story(tmp_path, text)).unsplit == "segments.only_defined"
