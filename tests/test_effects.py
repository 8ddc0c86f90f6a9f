"""Initiatives judged by the path: their verdicts, controls, caveats, the way to the star; told in both languages."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from checking import check_text
from shinro.demo.exports import exports
from shinro.findings.effects import Effect, Effects, Placed, Verdict
from shinro.problems import CannotGoOn
from shinro.reports.effects import effects_report, sentence, verdict
from shinro.reports.effects_json import effects_json
from shinro.reports.problems import next_move
from shinro.reports.readings import Telling
from shinro.reports.report import Heading, Lines, Table
from shinro.reports.words import words
from shinro.run.effects import effects
from shinro.run.opening import open_project
from shinro.series import Mark
from stories import Story

FIRST, START = date(2025, 4, 7), date(2026, 3, 30)
HEAD = """\
company: A
currency: JPY
timezone: Asia/Tokyo
languages: [ja, en]
sources: {crm: {type: files, path: data/*.csv}}
tables:
  calls: {from: crm.calls, key: id, time: day, dimensions: [team]}
  visits: {from: crm.visits, key: id, time: day}
metrics:
  calls: {label: Calls, count: calls}
  replies: {label: Replies, count: calls, where: answered = 'yes'}
  reply_rate: {label: Reply rate, ratio: replies / calls}
  visits: {label: Visits, count: visits}
  orders: {label: Orders, count: calls, where: answered = 'yes'}
north_star: {metric: orders}
tree: {orders: calls * reply_rate}
kpis:
  reply_rate: {owner: Ann, cadence: weekly, better: higher}
  calls: {owner: Ann, cadence: weekly}
  visits: {better: none}
initiatives:
"""


def rows(rise: dict[str, float], *, days: int = 440, seed: int = 3, busy: float = 0.0) -> dict[str, str]:
    """Calls of two teams every weekday; from START on a team's calls are answered that much more often."""
    chance = random.Random(seed)  # noqa: S311 - made-up rows
    calls, visits = ["id,day,team,answered"], ["id,day"]
    for n in range(days):
        day = FIRST + timedelta(days=n)
        if day.weekday() >= 5:
            continue
        for team in ("east", "west"):
            share = 0.3 + (rise.get(team, 0.0) if day >= START else 0.0)
            for _ in range(12 + int(busy * (day >= START)) + chance.randrange(3)):
                answered = "yes" if chance.random() < share else "no"
                calls.append(f"{len(calls)},{day},{team},{answered}")
        visits += [f"{len(visits) + k},{day}" for k in range(20 + chance.randrange(9))]
    return {"calls": "\n".join(calls) + "\n", "visits": "\n".join(visits) + "\n"}


def judged(folder: Path, initiatives: str, found: dict[str, str] | None = None, day: date | None = None) -> Effects:
    made = Story(folder, datetime(2026, 6, 20, 3, tzinfo=UTC))
    made.write("shinro.yaml", HEAD + initiatives)
    for name, text in (found or rows({})).items():
        made.write(f"data/{name}.csv", text)
    return effects(open_project(folder), made.moment(day))


def one(folder: Path, initiative: str, found: dict[str, str] | None = None, day: date | None = None) -> Effect:
    (effect,) = judged(folder, f"  - {{name: A, {initiative}}}\n", found, day).effects
    return effect


def keys(effect: Effect) -> set[str]:
    return {remark.key for remark in effect.remarks}


def test_what_worked_in_a_team_is_held_against_the_other(tmp_path: Path) -> None:
    effect = one(
        tmp_path,
        "starts: 2026-03-30, moves: reply_rate, in: {team: east}, expect: +10pt in 2 months, cost: 20万円",
        rows({"east": 0.15}),
    )
    assert effect.verdict is Verdict.WORKED
    assert effect.segment == (("team", "east"),)
    assert effect.control is not None
    assert (effect.control.twin, effect.control.segment) == (True, (("team", "west"),))
    assert effect.estimate is not None
    assert effect.estimate.mean.low < 0.15 < effect.estimate.mean.high
    assert effect.expected is not None
    assert effect.expected.value == pytest.approx(0.1)
    assert (effect.before, effect.after) == (50, 9)
    assert not effect.weak
    assert keys(effect) == set()


def test_half_of_the_calls_pass_half_of_the_effect_up(tmp_path: Path) -> None:
    effect = one(tmp_path, "starts: 2026-03-30, moves: reply_rate, in: {team: east}", rows({"east": 0.15}))
    assert effect.estimate is not None
    assert effect.gain is not None
    assert effect.gain.metric == "orders"
    calls = 2 * 13 * 5  # a week
    assert effect.gain.mean.value == pytest.approx(effect.estimate.mean.value / 2 * calls, rel=0.05)
    assert effect.gain.mean.low < effect.gain.mean.value < effect.gain.mean.high


def test_nothing_is_seen_where_what_was_expected_would_have_been(tmp_path: Path) -> None:
    effect = one(tmp_path, "starts: 2026-03-30, moves: reply_rate, in: {team: east}, expect: +20pt in 2 months")
    assert effect.verdict is Verdict.NO_EFFECT
    assert effect.expected is not None
    assert effect.expected.placed is Placed.MORE


def test_a_small_expectation_cannot_be_told_from_nothing(tmp_path: Path) -> None:
    effect = one(tmp_path, "starts: 2026-03-30, moves: reply_rate, in: {team: east}, expect: +1pt in 2 months")
    assert effect.verdict is Verdict.CANNOT_TELL
    assert effect.expected is not None
    assert effect.expected.placed is Placed.INSIDE


def test_a_rise_where_a_fall_was_meant_went_the_other_way(tmp_path: Path) -> None:
    effect = one(tmp_path, "starts: 2026-03-30, moves: reply_rate, in: {team: east}, expect: -5pt", rows({"east": 0.2}))
    assert effect.verdict is Verdict.OPPOSITE
    assert effect.expected is not None
    assert effect.expected.placed is Placed.MORE


def test_what_rose_everywhere_is_no_effect_in_one_team(tmp_path: Path) -> None:
    effect = one(
        tmp_path,
        "starts: 2026-03-30, moves: reply_rate, in: {team: east}, expect: +20pt in 2 months",
        rows({"east": 0.2, "west": 0.2}),
    )
    assert effect.verdict is Verdict.NO_EFFECT
    assert effect.control is not None


def test_without_a_part_a_rise_is_weak(tmp_path: Path) -> None:
    effect = one(
        tmp_path, "starts: 2026-03-30, moves: reply_rate, expect: +10pt", rows({"east": 0.2, "west": 0.2}), None
    )
    assert effect.verdict is Verdict.WORKED
    assert effect.weak
    assert "effect.weak" in keys(effect)


def test_a_flow_is_counted_and_its_expectation_spread_over_its_time(tmp_path: Path) -> None:
    effect = one(tmp_path, "on: 2026-03-30, moves: calls, expect: +260 in 2 months", rows({}, busy=8))
    assert effect.verdict is Verdict.WORKED
    assert effect.estimate is not None
    assert effect.estimate.mean.value == pytest.approx(80, abs=8)
    assert effect.estimate.total.value == pytest.approx(9 * effect.estimate.mean.value)
    assert effect.expected is not None
    assert effect.expected.value == pytest.approx(260 * 7 / 60)
    assert effect.expected.placed is Placed.LESS


def test_a_start_within_a_week_leaves_that_week_out(tmp_path: Path) -> None:
    effect = one(tmp_path, "starts: 2026-04-01, moves: reply_rate, expect: +1pt in 2 months")
    assert "effect.split" in keys(effect)
    (split,) = (sight for sight in effect.sights if sight.period.start == date(2026, 3, 30))
    assert split.actual is None
    assert effect.window is not None
    assert effect.window.start == date(2026, 4, 6)
    assert effect.before == 50


def test_a_start_on_a_sunday_leaves_no_week_out(tmp_path: Path) -> None:
    effect = one(tmp_path, "starts: 2026-03-29, moves: reply_rate, expect: +1pt in 2 months")
    assert "effect.split" in keys(effect)
    monday = one(tmp_path, "starts: 2026-03-30, moves: reply_rate, expect: +1pt in 2 months")
    assert "effect.split" not in keys(monday)


def test_what_has_just_started_cannot_be_told(tmp_path: Path) -> None:
    effect = one(tmp_path, "starts: 2026-06-08, moves: reply_rate, expect: +1pt")
    assert effect.verdict is Verdict.CANNOT_TELL
    assert effect.estimate is None
    assert keys(effect) == {"effect.early"}
    assert one(tmp_path, "starts: 2026-09-07, moves: reply_rate, expect: +1pt").verdict is Verdict.CANNOT_TELL


def test_before_its_time_is_over_nothing_seen_is_not_told(tmp_path: Path) -> None:
    found = "starts: 2026-03-30, moves: reply_rate, in: {team: east}, expect: +20pt in 6 months"
    effect = one(tmp_path, found)
    assert effect.verdict is Verdict.CANNOT_TELL
    assert "effect.running" in keys(effect)
    worked = one(tmp_path, found, rows({"east": 0.2}))
    assert worked.verdict is Verdict.WORKED


def test_a_short_past_is_said(tmp_path: Path) -> None:
    effect = one(tmp_path, "starts: 2025-06-02, moves: reply_rate, expect: +1pt")
    assert keys(effect) == {"effect.short"}


def test_a_short_time_is_said(tmp_path: Path) -> None:
    effect = one(tmp_path, "on: 2026-03-30, moves: reply_rate, expect: +1pt in 2 weeks")
    assert "effect.few_after" in keys(effect)


def test_two_at_the_same_time_cannot_be_told_apart(tmp_path: Path) -> None:
    found = judged(
        tmp_path,
        "  - {name: A, starts: 2026-03-30, moves: reply_rate, expect: +10pt in 2 months}\n"
        "  - {name: B, starts: 2026-04-27, moves: reply_rate, expect: +10pt in 2 months}\n",
        rows({"east": 0.2, "west": 0.2}),
    )
    assert {effect.verdict for effect in found.effects} == {Verdict.CANNOT_TELL}
    assert all("effect.overlap" in keys(effect) for effect in found.effects)


def test_two_in_different_teams_are_apart(tmp_path: Path) -> None:
    found = judged(
        tmp_path,
        "  - {name: A, starts: 2026-03-30, moves: reply_rate, in: {team: east}, expect: +10pt in 2 months}\n"
        "  - {name: B, starts: 2026-04-27, moves: reply_rate, in: {team: west}, expect: +10pt in 2 months}\n",
    )
    assert all("effect.overlap" not in keys(effect) for effect in found.effects)


def test_an_initiative_that_does_not_say_enough(tmp_path: Path) -> None:
    assert keys(one(tmp_path, "starts: 2026-03-30")) == {"effect.no_moves"}
    assert keys(one(tmp_path, "moves: reply_rate")) == {"effect.no_start"}
    assert keys(one(tmp_path, "starts: 2026-03-30, moves: visits")) >= {"effect.no_direction", "effect.no_way_up"}


def test_a_series_that_stood_still_is_said(tmp_path: Path) -> None:
    flat = [f"{n},{FIRST + timedelta(days=n)}" for n in range(440)]
    found = rows({}) | {"visits": "id,day\n" + "\n".join(flat) + "\n"}
    assert keys(one(tmp_path, "starts: 2026-03-30, moves: visits, expect: +5 in 2 months", found)) == {"effect.flat"}


def test_a_metric_without_rows_is_said(tmp_path: Path) -> None:
    found = rows({}) | {"visits": "id,day\n"}
    effect = one(tmp_path, "starts: 2026-03-30, moves: visits, expect: +5", found)
    assert keys(effect) & {"effect.unmeasured", "effect.short", "effect.flat", "effect.few_after"}


def test_a_small_base_is_said(tmp_path: Path) -> None:
    lines = rows({})["calls"].splitlines()
    effect = one(
        tmp_path,
        "starts: 2026-03-30, moves: reply_rate, expect: +1pt in 2 months",
        rows({}) | {"calls": "\n".join([lines[0], *lines[1::7]]) + "\n"},
    )
    assert "effect.small" in keys(effect)


def test_best_first_by_what_a_cost_gave_the_star(tmp_path: Path) -> None:
    found = judged(
        tmp_path,
        "  - {name: dear, starts: 2026-03-30, moves: reply_rate, in: {team: east}, expect: +9pt, cost: 90万円}\n"
        "  - {name: unsaid, starts: 2026-03-30}\n"
        "  - {name: cheap, starts: 2026-03-30, moves: reply_rate, in: {team: west}, expect: +9pt, cost: 1万円}\n"
        "  - {name: calls, starts: 2026-03-30, moves: calls, expect: +10}\n",
        rows({"east": 0.2, "west": 0.2}, busy=8),
    )
    order = [effect.initiative for effect in found.effects]
    assert order[-1] == "unsaid"
    worked = [effect.initiative for effect in found.effects if effect.verdict is Verdict.WORKED]
    assert order[: len(worked)] == worked


def test_a_part_that_no_row_is_of_has_no_numbers(tmp_path: Path) -> None:
    said = keys(one(tmp_path, "starts: 2026-03-30, moves: reply_rate, in: {team: north}, expect: +1pt"))
    assert said == {"effect.unmeasured"}
    said = keys(one(tmp_path, "starts: 2026-03-30, moves: reply_rate, in: {region: east}, expect: +1pt"))
    assert said == {"effect.unmeasured"}


def test_what_an_initiative_without_a_length_is_judged_over(tmp_path: Path) -> None:
    ended = one(tmp_path, "starts: 2026-03-30, ends: 2026-05-03, moves: reply_rate")
    assert (ended.after, keys(ended)) == (5, {"effect.weak"})
    assert ended.verdict in (Verdict.NO_EFFECT, Verdict.CANNOT_TELL)
    assert one(tmp_path, "starts: 2026-03-02, moves: reply_rate").after == 13


def test_a_rest_that_was_not_parallel_and_moved_as_well_stands_in_the_way(tmp_path: Path) -> None:
    """West breaks away from east ten weeks before the start, and both rise at it."""
    lines = rows({"east": 0.3, "west": 0.3})["calls"].splitlines()
    broken = [
        line.replace(",yes", ",no") if "west" in line and "2026-01-26" <= line.split(",")[1] < "2026-03-30" else line
        for line in lines
    ]
    effect = one(
        tmp_path,
        "starts: 2026-03-30, moves: reply_rate, in: {team: east}, expect: +10pt in 2 months",
        rows({}) | {"calls": "\n".join(broken) + "\n"},
    )
    assert effect.control is None or not effect.control.twin
    assert keys(effect) >= {"effect.not_parallel", "effect.rest_moved"} or effect.control
    assert "effect.weak" not in keys(effect)


def test_an_unknown_initiative_is_refused_with_the_nearest(tmp_path: Path) -> None:
    made = Story(tmp_path, datetime(2026, 6, 20, 3, tzinfo=UTC))
    made.write("shinro.yaml", HEAD + "  - {name: script, starts: 2026-03-30, moves: reply_rate}\n")
    with pytest.raises(CannotGoOn) as stopped:
        effects(open_project(tmp_path), made.moment(), "scripts")
    (problem,) = stopped.value.problems
    assert problem.code == "Q159"
    assert problem.args["near"] == "script"
    with pytest.raises(CannotGoOn) as far:
        effects(open_project(tmp_path), made.moment(), "zzz")
    assert far.value.problems[0].args["case"] == "far"
    made.write("shinro.yaml", HEAD.partition("initiatives:")[0])
    with pytest.raises(CannotGoOn) as none:
        effects(open_project(tmp_path), made.moment(), "zzz")
    assert "shinro add initiative" in next_move(none.value.problems[0], words("en"))


def test_a_dimension_or_a_value_that_is_not_there_is_said() -> None:
    found = check_text(
        HEAD + "  - {name: A, starts: 2026-03-30, moves: reply_rate, expect: +1pt, in: {region: east}}\n"
    )
    assert [(each.code, each.args["name"]) for each in found if each.code == "T201"] == [("T201", "region")]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_all_of_it_is_told(tmp_path: Path, lang: str) -> None:
    found = judged(
        tmp_path,
        "  - {name: A, starts: 2026-04-01, moves: reply_rate, in: {team: east}, expect: +10pt in 2 months, cost: 5円}\n"
        "  - {name: B, starts: 2026-03-30, moves: calls, expect: +300 in 1 month}\n"
        "  - {name: C, moves: calls}\n"
        "  - {name: D, starts: 2026-03-30, moves: visits, expect: x1.5}\n"
        "  - {name: E, starts: 2026-06-08, moves: visits, expect: +10%}\n",
        rows({"east": 0.2}),
    )
    telling = Telling(words(lang), open_project(tmp_path).project)
    report = effects_report(found, telling)
    (table,) = (block for block in report.blocks if isinstance(block, Table))
    assert len(table.rows) == 5
    assert len([block for block in report.blocks if isinstance(block, Heading)]) == 6
    texts = [line.text for block in report.blocks if isinstance(block, Lines) for line in block.lines]
    assert not [text for text in texts if "effect." in text or "{" in text or "length." in text]
    plain = effects_json(found, telling)
    assert json.loads(json.dumps(plain)) == plain
    for effect in found.effects:
        assert verdict(effect, telling) in sentence(effect, telling)


def test_a_project_without_initiatives_says_so(tmp_path: Path) -> None:
    made = Story(tmp_path, datetime(2026, 6, 20, 3, tzinfo=UTC))
    made.write("shinro.yaml", HEAD.removesuffix("initiatives:\n"))
    for name, text in rows({}).items():
        made.write(f"data/{name}.csv", text)
    found = effects(open_project(tmp_path), made.moment())
    assert found.effects == ()
    report = effects_report(found, Telling(words("en"), open_project(tmp_path).project))
    assert len(report.blocks) == 2


def test_only_complete_weeks_are_judged(tmp_path: Path) -> None:
    effect = one(tmp_path, "starts: 2026-03-30, moves: reply_rate", None, date(2026, 5, 13))
    assert effect.window is not None
    assert effect.window.end == date(2026, 5, 11)
    assert effect.sights[-1].actual is not None
    assert Mark.COMPLETE.value == "complete"


def test_the_demos_initiatives_are_found_by_themselves(tmp_path: Path) -> None:
    made = Story(tmp_path, datetime(2026, 6, 20, 3, tzinfo=UTC))
    texts = exports()
    for name, text in texts.items():
        made.write(name, text)
    truths = json.loads(texts["truths.json"])
    found = {effect.initiative: effect for effect in effects(open_project(tmp_path), made.moment()).effects}
    worked = found[truths["initiative_that_worked"]["name"]]
    assert worked.verdict is Verdict.WORKED
    assert worked.metric == truths["initiative_that_worked"]["metric"]
    assert worked.segment == (("team", truths["initiative_that_worked"]["team"]),)
    assert worked.control is not None
    assert worked.control.segment == (("team", "west"),)
    assert found[truths["initiative_that_did_not"]["name"]].verdict is Verdict.NO_EFFECT
    assert found[truths["vanity_only"]["name"]].verdict is not Verdict.WORKED
