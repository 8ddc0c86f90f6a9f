"""Why a metric stands where it does: held against its target or its past, with its bottleneck and losses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from made_up import STORY, Daily, bearings_of, daily
from shinro.analysis.decompose import tree_of
from shinro.analysis.explain import Aim, explained
from shinro.analysis.scene import Scene
from shinro.analysis.standings import drivers_at, ends
from shinro.cli import main
from shinro.findings.effects import Verdict
from shinro.findings.explanations import Basis, Bottleneck, Explanation, Lift, Rule
from shinro.findings.gaps import Kind
from shinro.periods import Grain
from shinro.reports.explain import explain_report, headline
from shinro.reports.explain_json import explain_json
from shinro.reports.readings import Telling
from shinro.reports.terminal import render
from shinro.reports.words import words

AS_OF = date(2026, 6, 22)
FELL = date(2026, 6, 15)
TARGETS = "targets: {calls: 200 per week, reply_rate: 10%, qualified_leads: 25 per week}\n"
DOING = "initiatives: [{name: トークスクリプト改訂, starts: 2026-05-11, moves: reply_rate}]\n"


def from_day(day: date, before: int, after: int) -> Daily:
    """So many a working day before a day, so many from it on."""
    return lambda when: (after if when >= day else before) if when.weekday() < 5 else 0


def scene(
    text: str = STORY + TARGETS + DOING, numbers: Mapping[str, Daily | tuple[Daily, Daily]] | None = None
) -> Scene:
    """40 calls a working day, 4 of them answered; from the last complete week on 2."""
    replies, calls = from_day(FELL, 4, 2), daily(40)
    given = numbers or {"calls": calls, "reply_rate": (replies, calls), "qualified_leads": replies}
    bearings = bearings_of(text, AS_OF, given)
    return Scene(bearings, tree_of(bearings.project, "qualified_leads"), "qualified_leads", Grain.WEEK)


def week(of: Scene, day: date = FELL) -> Explanation:
    period = of.bearings.calendar.period(day, Grain.WEEK)
    return explained(of, period)


def named(found: Explanation, rule: Rule, lift: Lift | None = None) -> Bottleneck:
    return next(each for each in found.bottlenecks if (each.rule, each.lift) == (rule, lift))


def test_a_gap_from_the_target_is_split_and_what_the_plan_does_not_say_stands_apart() -> None:
    found = week(scene())
    assert found.basis is Basis.TARGET
    assert found.gap
    assert found.gap.change == Fraction(10 - 25)
    brought = {leaf.name: leaf.contribution for leaf in found.gap.leaves}
    assert brought == {"calls": 0, "reply_rate": -10}
    assert [(off.name, off.stated, off.computed, off.contribution) for off in found.gap.off] == [
        ("qualified_leads", *map(Fraction, (25, 20, -5)))
    ]


def test_each_rule_names_its_driver_with_whose_it_is() -> None:
    found = week(scene())
    costs = named(found, Rule.COSTS_MOST)
    assert (costs.metric, costs.amount, costs.owners, costs.department) == (
        "reply_rate",
        Fraction(-10),
        ("佐藤",),
        "inside_sales",
    )
    assert [each.name for each in costs.doing] == ["トークスクリプト改訂"]
    low = named(found, Rule.LOWEST)
    assert (low.metric, low.rank, low.of) == ("reply_rate", 1, 52)
    target = named(found, Rule.WORTH_MOST, Lift.TARGET)
    assert (target.metric, target.level, target.amount) == ("reply_rate", Fraction(1, 10), Fraction(10))
    quarter = named(found, Rule.WORTH_MOST, Lift.BEST_QUARTER)
    assert (quarter.metric, quarter.level, quarter.amount) == ("reply_rate", Fraction(1, 10), Fraction(10))
    assert named(found, Rule.WORTH_MOST, Lift.TENTH).amount == 1


def test_losses_by_department_and_what_no_driver_holds_add_up_to_the_gap() -> None:
    found = week(scene())
    assert found.gap
    assert sum(loss.amount for loss in found.losses) + sum(off.contribution for off in found.gap.off) == -15
    assert [loss.department for loss in found.losses] == ["inside_sales"]


def test_a_driver_without_a_target_stops_the_plan_and_the_period_before_stands_beside() -> None:
    found = week(scene(STORY + "targets: {calls: 200 per week, qualified_leads: 25 per week}\n"))
    assert found.gap
    assert not found.gap.root.opened
    assert [each.name for each in found.gap.missing] == ["reply_rate"]
    assert found.beside
    assert found.beside.basis is Basis.LAST
    assert found.beside.gap
    assert {leaf.name: leaf.contribution for leaf in found.beside.gap.leaves} == {"calls": 0, "reply_rate": -10}


def test_a_rate_without_a_target_takes_it_from_those_of_its_parts() -> None:
    text = STORY.replace("calls * reply_rate", "leads * per_lead").replace(
        "metrics:\n", "metrics:\n  per_lead: {ratio: calls / leads, better: higher}\n", 1
    )
    calls, leads = daily(40), daily(10)
    numbers: dict[str, Daily | tuple[Daily, Daily]] = {
        "calls": calls,
        "leads": leads,
        "per_lead": (calls, leads),
        "qualified_leads": calls,
    }
    of = scene(text + "targets: {calls: 300 per week, leads: 50 per week}\n", numbers)
    found = week(of)
    assert found.basis is Basis.TARGET
    assert found.gap
    assert {leaf.name: leaf.contribution for leaf in found.gap.leaves} == {"leads": 0, "per_lead": -100}


def test_without_any_target_it_is_held_against_the_period_before() -> None:
    found = week(scene(STORY))
    assert found.basis is Basis.LAST
    assert found.beside is None
    assert named(found, Rule.COSTS_MOST).amount == -10


def test_a_target_that_is_asked_for_and_not_there_is_said_to_be_missing() -> None:
    of = scene(STORY)
    period = of.bearings.calendar.period(FELL, Grain.WEEK)
    found = explained(of, period, Aim(Basis.TARGET))
    assert found.gap is None
    assert all(each.rule is not Rule.COSTS_MOST for each in found.bottlenecks)
    telling = Telling(words("ja"), of.bearings.project)
    assert "目標がありません" in headline(found, telling)
    assert explain_json(found, telling)["gap"] is None


def test_what_helped_is_never_called_the_bottleneck() -> None:
    replies, calls = from_day(FELL, 4, 8), daily(40)
    found = week(scene(numbers={"calls": calls, "reply_rate": (replies, calls), "qualified_leads": replies}))
    assert all(each.rule is not Rule.COSTS_MOST for each in found.bottlenecks)
    telling = Telling(words("en"), scene().bearings.project)
    assert "What helped most is Reply rate (+20)" in headline(found, telling)


def test_what_lowered_a_number_that_should_be_low_is_not_said_to_have_pushed_it_up() -> None:
    text = STORY.replace("    where: kind = 'meeting'\n", "    where: kind = 'meeting'\n    better: lower\n")
    replies, calls = from_day(FELL, 4, 2), daily(40)
    found = week(scene(text, {"calls": calls, "reply_rate": (replies, calls), "qualified_leads": replies}))
    said = headline(found, Telling(words("ja"), scene().bearings.project))
    assert "最も改善に寄与したのは返信率(-10)。" in said
    assert "押し上げ" not in said


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "Reply rate: undefined on one side"), ("ja", "返信率は片方の期間で定義できません")]
)
def test_a_rate_that_is_held_is_marked(lang: str, said: str) -> None:
    """A week without calls has no reply rate, and no leads either: the calls hold all of it."""
    replies, calls = from_day(FELL, 4, 0), from_day(FELL, 40, 0)
    of = scene(STORY, {"calls": calls, "reply_rate": (replies, calls), "qualified_leads": replies})
    found, telling = week(of), Telling(words(lang), of.bearings.project)
    assert said in " ".join(render(explain_report(found, telling), 300, colour=False).split())
    leaves = explain_json(found, telling)["leaves"]
    assert isinstance(leaves, list)
    assert {each["name"]: each["why"] for each in leaves} == {"calls": None, "reply_rate": "held"}


SAID = {
    "ja": (
        "商談化リード数は計画比 -15(2026年6月15日の週、計画 25、実績 10)。主因は返信率(-10)。担当: 佐藤。"
        "打ち手: トークスクリプト改訂(効果はまだ判定できない)。"
    ),
    "en": (
        "Qualified leads: -15 against the plan for week of Jun 15, 2026 (10 of 25). "
        "The main cause is Reply rate (-10). Owner: 佐藤. "
        "Under way: トークスクリプト改訂 (its effect cannot be told yet)."
    ),
}


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_it_is_said_in_one_sentence_as_on_a_monday(lang: str) -> None:
    of = scene()
    found = week(of)
    seen = [
        replace(each, doing=tuple(replace(one, verdict=Verdict.CANNOT_TELL) for one in each.doing))
        for each in found.bottlenecks
    ]
    told = Telling(words(lang), of.bearings.project)
    assert headline(replace(found, bottlenecks=tuple(seen)), told) == SAID[lang]
    assert "トークスクリプト改訂(" not in headline(found, told)


@pytest.mark.parametrize(
    ("targets", "en", "ja"),
    [
        ("calls: 200 per week, reply_rate: 10%, qualified_leads: 50 per week", "Most of it (-30)", "その大半(-30)は"),
        (
            "calls: 200 per week, reply_rate: 4%, qualified_leads: 25 per week",
            "What no driver holds (-17) is more than all of it",
            "どのドライバーにもない分(-17)が、この差の全体より大きく",
        ),
        (
            "calls: 300 per week, reply_rate: 10%, qualified_leads: 45 per week",
            "The largest part of it (-15) is held by no driver",
            "そのうち最も大きい分(-15)は、どのドライバーにもありません",
        ),
    ],
)
def test_what_no_driver_holds_is_told_by_how_much_of_the_whole_it_is(targets: str, en: str, ja: str) -> None:
    of = scene(f"{STORY}targets: {{{targets}}}\n")
    told = {lang: headline(week(of), Telling(words(lang), of.bearings.project)) for lang in ("en", "ja")}
    assert en in told["en"]
    assert ja in told["ja"]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_report_has_no_field_left_open_and_no_key_unsaid(lang: str) -> None:
    of = scene()
    text = render(explain_report(week(of), Telling(words(lang), of.bearings.project)), 120, colour=False)
    assert "{" not in text
    assert "explain." not in text


def test_the_drivers_are_the_ends_of_the_tree() -> None:
    of = scene()
    assert [part.name for part in ends(of.tree, "qualified_leads")] == ["calls", "reply_rate"]
    assert ends(of.tree, "calls") == ()


PROJECT = """
company: 青空クラウド
timezone: Asia/Tokyo
languages: [ja, en]
sources: {crm: {type: files, path: data/*.csv, timezone: Asia/Tokyo}}
tables: {contacts: {from: crm.contacts, key: id, time: at, dimensions: [channel]}}
metrics:
  calls: {count: contacts}
  replies: {count: contacts, where: outcome = 'reached'}
  reply_rate: {ratio: replies / calls}
north_star: {metric: replies}
tree: {replies: calls * reply_rate}
"""


def rows() -> str:
    lines = ["id,at,channel,outcome"]
    for month in (4, 5):
        for n in range(100):
            reached = n % 10 == 0 or (month == 4 and n % 10 == 1)
            lines.append(f"{month}-{n},2026-0{month}-{1 + n % 28:02d},web,{'reached' if reached else 'no'}")
    return "\n".join([*lines, "6-1,2026-06-01,web,no"]) + "\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "contacts.csv").write_text(rows(), encoding="utf-8")
    (tmp_path / "shinro.yaml").write_text(PROJECT, encoding="utf-8")
    return tmp_path


def run(folder: Path, *args: str) -> int:
    with pytest.raises(SystemExit) as done:
        main(["explain", *args, "-p", str(folder)])
    return int(done.value.code or 0)


def test_the_command_explains_the_star(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "--grain", "month", "--lang", "en") == 0
    assert "replies: -10 since Apr 2026 (20 → 10). The main cause is reply_rate (-10)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["--from", "soon"], "Q158"),
        (["--to", "2026-06-01"], "Q158"),
        (["--from", "2019-01", "--to", "2026-05"], "Q158"),
        (["nope"], "Q140"),
        (["calls", "--by", "nope"], "Q133"),
    ],
)
def test_what_cannot_be_explained_is_said_so(
    folder: Path, capsys: pytest.CaptureFixture[str], args: list[str], code: str
) -> None:
    assert run(folder, *args, "--grain", "month") == 1
    assert code in capsys.readouterr().err


TYPED = """
  typed: {reported: crm.typed, value: value, every: month, nature: ratio, unit: "%"}
  worth: {reported: crm.typed, value: value, every: month, nature: stock}
"""


@pytest.mark.parametrize(("metric", "grain"), [("worth", "week"), ("worth", "day"), ("replies", "quarter")])
def test_a_grain_that_the_numbers_do_not_tell_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], metric: str, grain: str
) -> None:
    """Numbers of a month each say nothing of its weeks, and a month's typed rate is no quarter's."""
    text = PROJECT.replace("\nnorth_star", TYPED + "north_star").replace("calls * reply_rate", "calls * typed")
    (folder / "shinro.yaml").write_text(text, encoding="utf-8")
    (folder / "data" / "typed.csv").write_text("time,value\n2026-04-01,20%\n2026-05-01,10%\n", encoding="utf-8")
    assert run(folder, metric, "--grain", grain, "--lang", "en") == 1
    said = " ".join(capsys.readouterr().err.split())
    assert f"--grain Q158 `{metric}` cannot be explained by {grain}" in said
    assert "Ask for `--grain month`" in said


def test_without_a_star_a_metric_must_be_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = PROJECT.replace("north_star: {metric: replies}\n", "")
    (folder / "shinro.yaml").write_text(text, encoding="utf-8")
    assert run(folder) == 1
    assert "Q158" in capsys.readouterr().err


def test_only_one_question_is_asked_at_a_time(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "--drivers", "--effects") == 2
    assert "--drivers" in capsys.readouterr().err
    assert run(folder, "--drivers", "--from", "2026-04") == 2
    assert run(folder, "--from", "2026-04", "--against", "year") == 2
    assert "--against" in capsys.readouterr().err
    assert run(folder, "--chained") == 2
    assert "--from 2026-04" in capsys.readouterr().err


@pytest.mark.parametrize("args", [["--drivers"], ["--effects"]])
def test_where_there_is_nothing_to_tell_it_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str], args: list[str]
) -> None:
    assert run(folder, *args) == 0
    assert capsys.readouterr().out.strip()


def test_the_main_cause_is_cut_and_what_was_done_about_it_is_judged(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = PROJECT + "initiatives: [{name: 台本, starts: 2026-05-10, moves: reply_rate}]\n"
    (folder / "shinro.yaml").write_text(text, encoding="utf-8")
    assert run(folder, "--grain", "month", "--lang", "en", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["bottlenecks"][0]["initiatives"] == [{"name": "台本", "verdict": "cannot tell"}]
    assert sum(Fraction(leaf["contribution"]) for leaf in found["leaves"]) == Fraction(found["gap"]) == -10


STAGES = (("visit", 10_000), ("lead", 1_200), ("reply", 360), ("meeting", 300), ("offer", 180), ("won", 45))


def test_the_narrowest_step_of_a_funnel_is_named_by_each_rule(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """10,000 -> 1,200 -> 360 -> 300 -> 180 -> 45, a hundredth of them."""
    lines = ["id,who,at,step"]
    for n, (step, count) in enumerate(STAGES):
        lines += [f"{n}-{who},{who},2026-04-{2 + n:02d},{step}" for who in range(count // 5)]
    (folder / "data" / "steps.csv").write_text("\n".join([*lines, "z,z,2026-06-05,visit"]) + "\n", encoding="utf-8")
    steps = "\n".join(f"      {step}: step = '{step}'" for step, _ in STAGES)
    table = "tables:\n  steps: {from: crm.steps, key: id, time: at, entity: who}\n  contacts:"
    text = PROJECT.replace("tables: {contacts:", table).replace("dimensions: [channel]}}", "dimensions: [channel]}")
    text = text.replace(
        "metrics:\n", f"metrics:\n  sold:\n    funnel: steps\n    within: 30 days\n    steps:\n{steps}\n"
    )
    (folder / "shinro.yaml").write_text(text, encoding="utf-8")
    assert run(folder, "sold", "--grain", "month", "--to", "2026-04", "--lang", "en") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Narrowest by rate: visit → lead (12.0% pass)" in said
    assert "Narrowest by loss: visit → lead (1,760 are lost)" in said
    assert "0.45% come through all steps" in said


def of_tree(tree: str, targets: str, numbers: Mapping[str, Daily | tuple[Daily, Daily]], more: str = "") -> Scene:
    """The star by another tree, with other targets."""
    text = STORY.replace("calls * reply_rate", tree) + (f"targets: {{{targets}}}\n" if targets else "") + more
    return scene(text, numbers)


def test_a_node_that_cannot_be_opened_is_the_main_cause_itself() -> None:
    """Leads have a target, their parts have none: the plan stops at them, and they are named."""
    text = "qualified_leads: leads * reply_rate\n  leads: calls + replies"
    text = STORY.replace("qualified_leads: calls * reply_rate", text)
    numbers = {"leads": from_day(FELL, 40, 20), "calls": daily(20), "replies": from_day(FELL, 20, 0)}
    given: dict[str, Daily | tuple[Daily, Daily]] = {**numbers, "reply_rate": (daily(1), daily(10))}
    of = scene(
        text + "targets: {leads: 200 per week, reply_rate: 10%, qualified_leads: 20 per week}\n",
        given | {"qualified_leads": from_day(FELL, 4, 2)},
    )
    found = week(of)
    cause = named(found, Rule.COSTS_MOST)
    assert (cause.metric, cause.amount, cause.owners) == ("leads", Fraction(-10), ("田中",))


def test_a_stock_that_was_behind_before_is_told_so() -> None:
    text = STORY.replace("qualified_leads: calls * reply_rate", "companies: previous + leads")
    text = text.replace("north_star: {metric: qualified_leads}", "north_star: {metric: companies}")
    bearings = bearings_of(
        text + "targets: {companies: 30, leads: 10 per week}\n", AS_OF, {"companies": daily(20, 20), "leads": daily(2)}
    )
    of = Scene(bearings, tree_of(bearings.project, "companies"), "companies", Grain.WEEK)
    found = week(of)
    cause = named(found, Rule.COSTS_MOST)
    assert (cause.metric, cause.kind) == ("companies", Kind.PREVIOUS)
    assert "前の期間" in headline(found, Telling(words("ja"), bearings.project))


def test_a_rise_has_no_main_cause_even_where_nobody_said_which_side_is_good() -> None:
    text = STORY.replace("    where: kind = 'meeting'\n", "    where: kind = 'meeting'\n    better: none\n")
    replies, calls = from_day(FELL, 4, 12), from_day(FELL, 40, 30)
    found = week(scene(text, {"calls": calls, "reply_rate": (replies, calls), "qualified_leads": replies}))
    said = headline(found, Telling(words("en"), scene().bearings.project))
    assert "What helped most is Reply rate" in said
    assert "main cause" not in said


def test_an_initiative_that_had_not_begun_is_not_under_way() -> None:
    later = DOING.replace("2026-05-11", "2026-08-03")
    cause = named(week(scene(STORY + TARGETS + later)), Rule.COSTS_MOST)
    assert cause.doing == ()


def test_where_stages_take_time_no_rule_blames_the_rate() -> None:
    """Calls doubled for one week, and were answered two weeks later: with the lag told, the rate stood still."""
    push, answered = date(2026, 5, 25), date(2026, 6, 8)
    calls = lambda day: (80 if push <= day < push + timedelta(days=7) else 40) if day.weekday() < 5 else 0  # noqa: E731
    replies = lambda day: (8 if answered <= day < answered + timedelta(days=7) else 4) if day.weekday() < 5 else 0  # noqa: E731
    text = STORY + "influences: [{from: calls, to: replies, lag: 2 weeks}]\n"
    numbers: dict[str, Daily | tuple[Daily, Daily]] = {"calls": calls, "replies": replies}
    bearings = bearings_of(text, AS_OF, numbers | {"reply_rate": (replies, calls), "qualified_leads": replies})
    tree = tree_of(bearings.project, "qualified_leads", Grain.WEEK)
    assert tree.lags
    of = Scene(bearings, tree, "qualified_leads", Grain.WEEK)
    drivers = {each.metric: each for each in drivers_at(of, bearings.calendar.period(answered, Grain.WEEK))}
    assert drivers["calls"].value == 400
    assert {point.value for point in drivers["reply_rate"].past[4:]} == {Fraction(1, 10)}


@pytest.mark.parametrize(
    ("args", "first", "last"),
    [
        (["--from", "2026-04", "--to", "2026-05"], "2026-04-06", "2026-05-25"),
        (["--from", "2026-04-08", "--to", "2026-05-20"], "2026-04-06", "2026-05-18"),
    ],
)
def test_a_month_that_holds_weeks_means_its_first_and_its_last(
    folder: Path, capsys: pytest.CaptureFixture[str], args: list[str], first: str, last: str
) -> None:
    assert run(folder, *args, "--grain", "week", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["held_against"]["first_day"], found["period"]["first_day"]) == (first, last)


@pytest.mark.parametrize(
    ("args", "first", "last", "gap"),
    [
        (["--from", "2026-04", "--to", "2026年5月"], "2026-04-01", "2026-05-01", -10),
        (["--to", "2026-05"], "2026-04-01", "2026-05-01", -10),
        (["--from", "2026-04-08", "--to", "2026-05"], "2026-04-06", "2026-05-25", None),
    ],
)
def test_months_alone_are_whole_months_also_of_what_is_watched_by_week(
    folder: Path, capsys: pytest.CaptureFixture[str], args: list[str], first: str, last: str, gap: int | None
) -> None:
    assert run(folder, *args, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["held_against"]["first_day"], found["period"]["first_day"]) == (first, last)
    assert gap is None or Fraction(found["gap"]) == gap
