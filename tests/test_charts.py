from __future__ import annotations

import json
import re
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shinro.reports.charts import tick_text, ticks
from shinro.reports.drawing import draw, tidied
from shinro.reports.parts import Chart
from shinro.reports.story import story
from shinro.reports.words import words
from shinro.series import Mark, Meaning, Nature
from telling import TEXTS, drawings, gist

RATE = Meaning("rate", Nature.RATIO, percent=True)
COUNT = Meaning("calls", Nature.FLOW)
YEN = Meaning("sales", Nature.FLOW, currency="JPY")
FRACTIONS = st.fractions(-(10**9), 10**9, max_denominator=10**6)


def chart(metric_label: str, lang: str = "ja") -> Chart:
    return next(each for each in story(gist(), words(lang)).charts if each.title == metric_label)


def layers(found: Chart) -> list[Any]:
    plain: Any = json.loads(json.dumps(found.spec))
    layered: list[Any] = plain["layer"]
    return layered


@given(st.lists(FRACTIONS, min_size=1))
def test_ticks_are_evenly_spaced_hold_zero_and_every_value_and_are_few(values: list[Fraction]) -> None:
    found = ticks(values)
    assert len({after - before for before, after in pairwise(found)}) == 1
    assert Fraction(0) in found
    assert all(found[0] <= value <= found[-1] for value in values)
    assert 2 <= len(found) <= 7


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1))
def test_the_steps_of_counts_are_whole(values: list[int]) -> None:
    found = ticks(map(Fraction, values), whole=True)
    assert all(each.denominator == 1 for each in found)
    assert found[0] <= min(0, *values) <= max(0, *values) <= found[-1]
    assert 2 <= len(found) <= 7


@pytest.mark.parametrize(
    ("value", "step", "meaning", "lang", "shown"),
    [
        (Fraction(1, 20), Fraction(1, 20), RATE, "ja", "5%"),
        (Fraction(1, 40), Fraction(1, 40), RATE, "en", "2.5%"),
        (Fraction(0), Fraction(1, 20), RATE, "ja", "0%"),
        (Fraction(2_000_000), Fraction(1_000_000), YEN, "ja", "200万円"),
        (Fraction(2_000_000), Fraction(1_000_000), YEN, "en", "¥2M"),
        (Fraction(0), Fraction(1_000_000), YEN, "ja", "0"),
        (Fraction(1500), Fraction(500), COUNT, "en", "1,500"),
        (Fraction(5, 2), Fraction(5, 2), COUNT, "en", "2.5"),
        (Fraction(1, 3), Fraction(1, 3), COUNT, "en", "0.3333"),
    ],
)
def test_a_tick_is_as_short_as_its_step_allows(
    value: Fraction, step: Fraction, meaning: Meaning, lang: str, shown: str
) -> None:
    assert tick_text(value, step, meaning, lang) == shown


def test_a_flow_is_bars_from_zero_with_its_running_month_pale() -> None:
    bars = next(each for each in layers(chart("商談化リード数")) if each["mark"]["type"] == "bar")
    assert bars["encoding"]["y"]["scale"]["domain"][0] == 0
    assert [row["o"] for row in bars["data"]["values"]][-2:] == [1, 0.4]


def test_a_line_ends_with_the_last_complete_month_and_goes_on_dotted() -> None:
    solid, dotted = (each for each in layers(chart("返信率")) if each["mark"].get("strokeWidth") == 2)
    assert dotted["data"]["values"][0] == solid["data"]["values"][-1]
    assert dotted["mark"]["strokeDash"]
    assert len(dotted["data"]["values"]) == 2


def test_targets_reach_on_to_the_last_milestone_and_levels_stand_at_their_months() -> None:
    found = chart("商談化リード数", "ja")
    assert found.rows[-1] == ("2026年9月", "", "400", "400")
    assert [mark for mark, _ in found.keys] == ["bar", "target", "goal"]


def test_two_levels_in_one_month_are_both_told_and_written_apart() -> None:
    """30 % and 28 % in September: one is written above its level, the other below; the table has both."""
    found = gist()
    rate = next(each for each in found.months if each.metric == "reply_rate")
    (goal,) = rate.goals
    two = replace(rate, goals=(goal, replace(goal, level=Fraction(7, 25)), goal))
    shown = story(replace(found, months=(two,)), words("en")).charts[0]
    texts = [each for each in layers(shown) if each["mark"].get("fontWeight") == "bold"]
    assert [(each["data"]["values"][0]["t"], each["mark"]["dy"]) for each in texts] == [("30.0%", -12), ("28.0%", 12)]
    assert shown.rows[-1][-1] == "30.0%, 28.0%"


def test_initiatives_stand_where_they_begin_and_only_their_sign_is_drawn() -> None:
    found = chart("返信率")
    assert ("event", "① トークスクリプト改訂") in found.keys
    assert "トークスクリプト" not in json.dumps(found.spec, ensure_ascii=False)


def test_nothing_that_a_user_wrote_is_in_a_spec() -> None:
    hostile = "HOSTILE'};{alert(1)"
    for lang in ("ja", "en"):
        for each in story(gist(dict.fromkeys(TEXTS, hostile)), words(lang)).charts:
            assert "HOSTILE" not in json.dumps(each.spec)


def test_the_table_marks_what_is_not_final() -> None:
    assert chart("リード数").rows[-1][:2] == ("2026年6月", "117 …")


def test_a_chart_says_what_it_shows() -> None:
    assert chart("受注額", "ja").title == "受注額"
    assert re.fullmatch(r"Sales by month, Jun 2025 to Jun 2026: from ¥.*M to ¥.*M in .*", chart("Sales", "en").says)


def test_a_drawing_holds_shapes_and_texts_alone_painted_with_the_pages_colours() -> None:
    box, inside = tidied(drawings(story(gist(), words("ja")))[0])
    assert box == "0 0 440 190"
    assert set(re.findall(r"<(\w+)", inside)) <= {"g", "path", "line", "rect", "text", "tspan"}
    assert "var(--accent)" in inside
    assert "12月" in inside
    assert "2026年" in inside
    assert not re.search(r"aria|class=|role=|xlink|style", inside)


def test_a_drawing_that_somebody_changed_is_cut_down_to_its_shapes() -> None:
    bad = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><script>alert(1)</script>'
        '<g onclick="alert(1)"><image href="x"/><path d="M0,0h1" style="x" fill="red"/><text>a&lt;b</text></g></svg>'
    )
    assert tidied(bad) == ("0 0 1 1", '<g><path d="M0,0h1" fill="red" /><text>a&lt;b</text></g>')


def test_a_spec_that_asks_for_something_from_outside_gets_nothing() -> None:
    spec = {"data": {"url": "https://example.invalid/x.csv"}, "mark": "bar", "encoding": {"x": {"field": "a"}}}
    with pytest.raises(ValueError, match=r"example\.invalid|not allowed|denied"):
        draw([spec])


def test_a_month_after_the_data_ended_is_unknown_in_the_table_and_not_drawn() -> None:
    found = gist()
    leads = next(each for each in found.months if each.metric == "leads")
    ended = replace(leads, points=(*leads.points[:-1], leads.points[-1]._replace(mark=Mark.UNKNOWN, value=None)))
    shown = story(replace(found, months=(ended,)), words("ja")).charts[0]
    assert shown.rows[-1][1] == "不明"
    bars = next(each for each in layers(shown) if each["mark"]["type"] == "bar")
    assert len(bars["data"]["values"]) == len(leads.points) - 1
