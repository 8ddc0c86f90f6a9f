from __future__ import annotations

import pytest

from checking import check_text, facts_of
from judging import BILLING, problems
from shinro.checks.milestones import RULES

SMALL = "story: {starts: 2026-04-01}\n"


def found(text: str, code: str) -> list[tuple[str, str]]:
    """The lines (as written) that have a problem of the code, each with its case."""
    lines = text.split("\n")
    return [
        (lines[problem.place.line - 1].strip(" -"), str(problem.args.get("case", "")))
        for problem in problems(RULES, facts_of(text), code)
    ]


def milestones(*written: str, before: str = BILLING) -> str:
    return before + "milestones:\n" + "".join(f"  - {each}\n" for each in written)


def test_a_milestone_needs_a_date_a_start_to_count_from_and_a_level() -> None:
    text = milestones(
        "{id: a, reach: leads >= 1 per month}",
        "{id: b, by: +3 months}",
        "{id: c, by: 2026-07-01, reach: [leads up, MRRを伸ばす, leads >= 3 per month]}",
    )
    assert [case for _, case in found(text, "M401")] == ["by", "reach", "level", "level"]
    assert found(milestones("{id: a, by: +3 months, reach: leads >= 1 per month}", before=""), "M401") == [
        ("{id: a, by: +3 months, reach: leads >= 1 per month}", "starts")
    ]


def test_a_day_that_cannot_be_read_is_told_once() -> None:
    text = milestones("{id: a, by: 2026年12月末, reach: leads >= 1 per month}")
    codes = [each.code for each in check_text(text)]
    assert (codes.count("Q129"), codes.count("M401")) == (1, 0)


@pytest.mark.parametrize(
    ("written", "cases"),
    [
        ("{id: a, on: 2025-01-31, reach: leads >= 1 per month}", ["past"]),
        ("{id: a, by: 2026-03-31, reach: leads >= 1 per month}", ["past"]),
        ("{id: a, by: 2026-04-01, reach: leads >= 1 per month}", []),
        ("{id: a, on: 3026-01-01, reach: leads >= 1 per month}", ["far"]),
        ("{id: a, by: +51 years, reach: leads >= 1 per month}", ["far"]),
        ("{id: a, by: +50 years, reach: leads >= 1 per month}", []),
        ("{id: a, by: +3 months, on: 2026-08-01, reach: leads >= 1 per month}", ["both"]),
    ],
)
def test_a_milestone_has_one_day_on_which_somebody_will_look(written: str, cases: list[str]) -> None:
    assert found(milestones(written), "M401") == [(written, case) for case in cases]


def test_without_a_story_no_day_is_too_early_and_a_typing_error_is_seen() -> None:
    late = "{id: b, on: 3026-01-01, reach: leads >= 1 per month}"
    text = milestones("{id: a, on: 1999-01-01, reach: leads >= 1 per month}", late, before="")
    assert found(text, "M401") == [(late, "far")]


def test_two_milestones_have_two_ids() -> None:
    again = "{id: a, by: +6 months, reach: leads >= 2 per month}"
    other = "{name: a, by: +9 months, reach: leads >= 3 per month}"
    text = milestones("{id: a, by: +3 months, reach: leads >= 1 per month}", again, other, other)
    assert found(text, "M401") == [(again, "twice")]


def test_words_that_name_a_metric_by_its_label_speak_of_a_level() -> None:
    labelled = BILLING.replace("{count: leads}", "{label: {ja: 見込み客}, count: leads}")
    assert found(milestones("{id: a, by: +3 months, reach: 見込み客100件}", before=labelled), "M401") == [
        ("{id: a, by: +3 months, reach: 見込み客100件}", "level")
    ]


@pytest.mark.parametrize(
    "event",
    [
        "展示会出展", "新機能リリース", "7月に展示会へ出展", "シリーズAの資金調達", "営業2名採用", "ウェビナー開催",
        "Launch the app", "Attend SaaS Expo 2026", "Hire 2 AEs", "Raise a seed round", "Ship v2",
        "leads page goes live", "Publish the leads report", "きっかけをつくる", "Series A closed",
    ],
)  # fmt: skip
def test_an_event_is_no_milestone(event: str) -> None:
    text = milestones(f"{{id: a, by: +3 months, reach: [{event}, leads >= 1 per month]}}")
    assert len(found(text, "M402")) == 1
    assert found(text, "M401") == []


@pytest.mark.parametrize("words", ["signups: 100 leads", "leadsを月100件に", "MRR 30万円", "More leads"])
def test_words_of_a_state_are_no_event(words: str) -> None:
    text = milestones(f"{{id: a, by: +3 months, reach: ['{words}']}}")
    assert found(text, "M402") == []
    assert len(found(text, "M401")) == 1


@pytest.mark.parametrize(
    "written",
    ["{name: 展示会出展, on: 2026-07-08}", "新機能リリース", "{name: 増資}", "{id: launch}", "on: 2026-07-08"],
)
def test_a_named_or_dated_milestone_that_reaches_nothing_is_an_event_and_nothing_else(written: str) -> None:
    assert len(found(milestones(written), "M402")) == 1
    assert found(milestones(written), "M401") == []


def test_a_name_that_sounds_like_an_event_is_fine_beside_conditions() -> None:
    text = milestones("{name: リリース後, by: +6 months, reach: leads >= 80 per month}")
    assert found(text, "M402") == found(text, "M401") == []


def test_an_empty_list_or_one_whose_conditions_were_refused_is_no_event() -> None:
    text = milestones("{name: 半年後, by: +6 months, reach: []}")
    assert found(text, "M402") == []
    assert [case for _, case in found(text, "M401")] == ["reach"]


@pytest.mark.parametrize(
    ("condition", "case"),
    [
        ("revenue.churn_rate >= 5%", "lower"),
        ("revenue.churn_rate > 5%", "lower"),
        ("revenue.mrr <= 30万円", "higher"),
        ("leads < 80 per month", "higher"),
        ("revenue.churn_rate <= 5%", None),
        ("revenue.churn_rate = 5%", None),
        ("leads >= 80 per month", None),
        ("unknown <= 3", None),
    ],
)
def test_the_direction_of_a_condition(condition: str, case: str | None) -> None:
    text = milestones(f"{{id: a, by: +3 months, reach: ['{condition}']}}")
    assert [each for _, each in found(text, "M403")] == ([case] if case else [])


def test_the_direction_that_a_kpi_states_comes_first() -> None:
    text = milestones("{id: a, by: +3 months, reach: leads <= 80 per month}") + "kpis: {leads: {better: lower}}\n"
    assert found(text, "M403") == []


def test_the_turned_sign_is_offered() -> None:
    facts = facts_of(milestones("{id: a, by: +3 months, reach: revenue.churn_rate > 5%}"))
    assert [problem.args["op"] for problem in problems(RULES, facts, "M403")] == ["<"]


@pytest.mark.parametrize(
    ("earlier", "later", "weaker"),
    [
        ("revenue.companies >= 10", "revenue.companies >= 9", True),
        ("revenue.companies >= 10", "revenue.companies >= 10", False),
        ("revenue.churn_rate <= 3%", "revenue.churn_rate <= 5% over 3 months", True),
        ("revenue.churn_rate <= 5%", "revenue.churn_rate <= 3%", False),
        ("leads >= 25 per week", "leads >= 100 per month", True),
        ("leads >= 23 per week", "leads >= 100 per month", False),
        ("leads >= 100 since start", "leads >= 50 per month", False),
        ("leads >= 100 since start", "leads >= 90 since start", True),
        ("leads = 10 per month", "leads = 5 per month", False),
    ],
)
def test_later_is_not_weaker(earlier: str, later: str, weaker: bool) -> None:
    text = milestones(
        f"{{id: late, by: +6 months, reach: ['{later}']}}", f"{{id: early, by: +3 months, reach: ['{earlier}']}}"
    )
    assert [line for line, _ in found(text, "M405")] == (
        [f"{{id: late, by: +6 months, reach: ['{later}']}}"] if weaker else []
    )


def test_what_was_weakened_once_is_measured_by_the_strongest() -> None:
    levels = (3, 10, 8, 9)
    text = milestones(
        *(f"{{by: +{n + 1} months, reach: revenue.companies >= {each}}}" for n, each in enumerate(levels))
    )
    earlier = [problem.args["earlier"] for problem in problems(RULES, facts_of(text), "M405")]
    assert earlier == ["revenue.companies >= 10"] * 2


@pytest.mark.parametrize(
    ("dues", "case"),
    [
        (["+3 months"], None),
        (["+12 months"], None),
        (["+1 month", "+24 months"], "early"),
        (["+24 months"], "late"),
        (["+1 month", "2026-07-01"], None),
    ],
)
def test_a_milestone_within_3_to_12_months(dues: list[str], case: str | None) -> None:
    text = milestones(*(f"{{by: {each}, reach: leads >= 1 per month}}" for each in dues))
    assert [each for _, each in found(text, "M407")] == ([case] if case else [])


@pytest.mark.parametrize(
    ("text", "cases"),
    [
        (SMALL, ["none"]),
        ("north_star: leads\n", ["none"]),
        ("kpis: {leads: {}}\n", ["none"]),
        ("company: A\n", []),
        ("milestones: [{by: 2026-07-01, reach: leads >= 1}]\n", []),
    ],
)
def test_a_story_without_milestones(text: str, cases: list[str]) -> None:
    assert [case for _, case in found(text, "M407")] == cases


def test_few_conditions_at_the_sixth_and_four_weeks_between() -> None:
    six = ", ".join(f"leads >= {n} per month" for n in range(6))
    text = milestones(
        "{id: b, by: 2026-07-28, reach: leads >= 2 per month}",
        "{id: a, by: 2026-07-01, reach: leads >= 1 per month}",
        "{id: c, by: 2026-08-25, reach: leads >= 3 per month}",
        f"{{id: d, by: 2026-12-01, reach: [{six}]}}",
    )
    facts = facts_of(text)
    told = [(each.args["case"], each.args["milestone"], each.args["count"]) for each in problems(RULES, facts, "M408")]
    assert told == [("close", "b", 27), ("many", "d", 6)]


def test_an_event_is_no_step_on_the_way() -> None:
    text = milestones("{name: 展示会出展, on: 2026-09-28}", "{id: m7, by: 2026-10-01, reach: leads >= 1 per month}")
    assert found(text, "M408") == []
    assert [case for _, case in found(milestones("{name: 展示会出展, on: 2026-09-28}"), "M407")] == ["late"]


def test_a_milestone_without_a_name_is_called_by_its_date() -> None:
    text = milestones("{by: +3 months}", "{on: 2026-08-01, reach: [leads up]}", "{reach: [leads up]}")
    told = [each.args["milestone"] for each in problems(RULES, facts_of(text), "M401")]
    assert told == ["+3 months", "2026-08-01", "?", "?"]


TOLD = "traction: [{audience: investors, headline: revenue.mrr, supports: [revenue.churn_rate, leads]}]\n"


def test_what_will_be_told_has_a_level_on_the_way_and_in_the_picture() -> None:
    text = milestones(
        "{id: m12, by: +12 months, reach: revenue.mrr >= 100万円}",
        "{id: m6, by: +6 months, reach: leads >= 80 per month}",
    )
    text += "north_star: leads\n" + TOLD
    told = [
        (each.args["metric"], each.args["case"], each.args["last"]) for each in problems(RULES, facts_of(text), "M413")
    ]
    assert told == [("leads", "picture", "m12"), ("revenue.churn_rate", "nowhere", "m12")]


def test_without_milestones_their_absence_is_enough_to_say() -> None:
    assert found(BILLING + TOLD, "M413") == []
