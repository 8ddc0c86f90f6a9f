"""Flows that follow another one: where the past agrees, what is drawn, and which influences are taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from foretelling import series_of
from shinro.analysis.forecast_following import Following, followed, following, mixed
from shinro.analysis.forecast_ground import Ground
from shinro.analysis.forecast_told import forecast
from shinro.analysis.forecast_tree import streams
from shinro.analysis.forecast_world import world
from shinro.definitions.meaning import meanings
from shinro.definitions.project import read_project
from shinro.findings.forecasts import How
from shinro.periods import Grain
from shinro.reports.forecasts import remark_texts
from shinro.reports.readings import Telling
from shinro.reports.words import words

LED = [100, 180, 90, 160, 210, 120, 240, 130, 200, 110, 190, 250]
TEXT = """
company: A
sources: {crm: {type: files, path: "*.csv"}}
tables: {rows: {from: crm.rows, key: id, time: day}}
metrics:
  leads: {label: Leads, count: rows}
  deals: {label: Deals, count: rows}
  other: {label: Other, count: rows}
"""


def pairs(share: float = 0.1, lag: int = 1) -> list[tuple[float, float]]:
    return [(round(share * LED[n - lag]), LED[n - lag]) for n in range(lag, len(LED))]


def test_what_is_calmer_beside_its_leader_follows_it() -> None:
    found = following("leads", pairs(), [LED[-1]])
    assert found
    assert found.calm < 0.1
    money = following("leads", [(each * 1_234.5, led) for each, led in pairs()], [LED[-1]])
    assert money
    assert money.calm == pytest.approx(replace(found, over=found.over * 1_234.5).calm)


@pytest.mark.parametrize(
    "seen",
    [
        pairs()[:7],
        [(10.0, float(n % 3 + 1)) for n in range(12)],
        [(float(n % 5 + 3), float((7 * n) % 11 + 4)) for n in range(12)],
        [(-1.0, 2.0), *pairs()],
        [(0.0, 0.5), *pairs()],
    ],
    ids=["short", "still", "unlike", "below nothing", "nothing of an amount"],
)
def test_what_no_leader_explains_follows_none(seen: list[tuple[float, float]]) -> None:
    assert following("leads", seen, [1.0]) is None


def test_what_is_known_of_the_leader_is_followed_first() -> None:
    found = following("leads", pairs(lag=2), [1000.0, 2000.0])
    assert found
    drawn = followed(found, np.full((400, 4), 100.0), np.random.default_rng(1))
    assert np.median(drawn, axis=0) == pytest.approx([100, 200, 10, 10], rel=0.15)
    assert (drawn == np.rint(drawn)).all()
    assert (drawn[:, 2:] <= 100).all()


def test_an_amount_to_one_of_the_leader_is_drawn_where_it_is_no_part_of_it() -> None:
    found = Following("leads", np.array([50.5 * n for n in LED]), np.array([float(n) for n in LED]), np.array([10.0]))
    drawn = followed(found, np.full((400, 2), 20.0), np.random.default_rng(1))
    assert np.median(drawn, axis=0) == pytest.approx([505, 1010], rel=0.05)


def test_every_other_path_follows() -> None:
    assert mixed(np.zeros((4, 1)), np.ones((4, 1)))[:, 0].tolist() == [1, 0, 1, 0]


def ground(influences: str, deals: list[int], other: list[int] | None = None) -> Ground:
    project = read_project(f"{TEXT}influences: {influences}\n", "shinro.yaml")[0]
    known = meanings(project)
    columns = {"leads": LED, "deals": deals, "other": other or LED}
    series = {name: replace(series_of(name, values), meaning=known[name]) for name, values in columns.items()}
    return Ground(project, known, series, project.calendar, Grain.MONTH, date(2026, 2, 28))


DEALS = [12, *(round(0.1 * each) for each in LED[:-1])]
LEADS = "{from: leads, to: deals, lag: 1 month}"


def test_an_influence_that_the_past_agrees_with_leads_half_of_the_paths() -> None:
    there = ground(f"[{LEADS}]", DEALS)
    made = world(there, ["deals"], 3)
    assert [(metric, each.leader) for metric, each in made.follows.items()] == [("deals", "leads")]
    first = streams(made, ["deals"])["deals"].value[:, 0]
    assert np.median(first[::2]) == pytest.approx(25, abs=2)
    assert np.median(first[1::2]) < 23
    found = forecast(there, "deals", 3)
    assert found
    assert (found.how, found.drivers) == (How.OWN, ("leads",))
    said = list(remark_texts(found.remarks, Telling(words("en"), there.project)))
    assert said == ["Deals: half of the paths follow Leads, as `influences` says and the past agrees."]


@pytest.mark.parametrize(
    "influences",
    [
        "[]",
        "[{from: leads, to: deals, lag: 1 month, status: refuted}]",
        "[{from: leads, to: deals, lag: 5 months}]",
    ],
    ids=["none", "refuted", "too few pairs"],
)
def test_other_influences_lead_nothing(influences: str) -> None:
    assert not world(ground(influences, DEALS), ["deals"], 3).follows


def test_in_a_circle_nothing_follows() -> None:
    circle = "[{from: leads, to: other}, {from: other, to: leads}]"
    there = ground(circle, DEALS, [3 * each for each in LED])
    assert not world(there, ["leads", "other"], 3).follows
    assert not world(there, ["leads"], 3).follows


def test_what_is_followed_does_not_depend_on_what_else_is_asked_for() -> None:
    chain = f"[{LEADS}, {{from: other, to: leads}}]"
    for influences, after in ((chain, {}), (f"[{LEADS}]", {"deals": "leads"})):
        for asked in (["deals"], ["deals", "leads"], ["other", "deals"]):
            made = world(ground(influences, DEALS, [3 * each for each in LED]), asked, 3)
            assert {name: each.leader for name, each in made.follows.items() if name == "deals"} == after


def test_a_rate_leads_nothing_and_where_no_leader_is_drawn_the_flow_goes_on_alone() -> None:
    rate = TEXT.replace("other: {label: Other, count: rows}", "other: {ratio: deals / leads}")
    there = ground("[{from: other, to: deals, lag: 1 month}]", DEALS)
    project = read_project(f"{rate}influences: [{{from: other, to: deals, lag: 1 month}}]\n", "shinro.yaml")[0]
    assert not world(replace(there, project=project, meanings=meanings(project)), ["deals"], 3).follows
    alone = world(ground("[]", DEALS), ["deals"], 3)
    found = following("nobody", pairs(), [LED[-1]])
    assert found
    lost = streams(replace(alone, follows={"deals": found}), ["deals"])
    assert (lost["deals"].value == streams(alone, ["deals"])["deals"].value).all()


def test_of_two_leaders_the_one_that_explains_more_is_followed() -> None:
    other = [each + (n * 37) % 90 for n, each in enumerate(LED)]
    both = f"[{{from: other, to: deals, lag: 1 month}}, {LEADS}]"
    made = world(ground(both, DEALS, other), ["deals"], 3)
    assert made.follows["deals"].leader == "leads"


def test_a_leader_that_is_not_known_up_to_now_leads_nothing() -> None:
    there = ground(f"[{LEADS}]", DEALS)
    short = replace(there.series["leads"], points=there.series["leads"].points[:-1])
    assert not world(replace(there, series={**there.series, "leads": short}), ["deals"], 3).follows
    without = {name: found for name, found in there.series.items() if name != "leads"}
    assert not world(replace(there, series=without), ["deals"], 3).follows
