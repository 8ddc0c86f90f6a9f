from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from checking import assert_said
from shinro.definitions.columns import plans
from shinro.definitions.meaning import meanings
from shinro.definitions.metric import PARTS
from shinro.definitions.people import Cadence
from shinro.definitions.phrases import Over, Per
from shinro.definitions.project import Project, is_whole, read_project, ref
from shinro.definitions.refusals import refusals
from shinro.definitions.tree import drivers
from shinro.definitions.values import Name, Ref
from shinro.loads import Role
from shinro.periods import Duration, Grain
from shinro.problems import CannotGoOn, Place, Problem
from shinro.series import Better, Nature
from shinro.units import count, money

AOZORA = Path(__file__).parent.parent / "examples" / "aozora" / "shinro.yaml"


@pytest.fixture(scope="module")
def aozora() -> Project:
    found, problems = read_project(AOZORA.read_text(encoding="utf-8"), "shinro.yaml")
    assert problems == ()
    return found


def test_the_example_of_the_design_is_read_whole(aozora: Project) -> None:
    assert (aozora.company, aozora.zone, aozora.languages) == ("青空クラウド", "Asia/Tokyo", ("ja", "en"))
    assert (aozora.calendar.week_starts, aozora.calendar.fiscal_starts, aozora.holidays) == (0, 4, "JP")
    assert aozora.story is not None
    assert aozora.story.starts == date(2026, 4, 1)
    assert len(aozora.metrics) == 14
    assert aozora.star is not None
    assert aozora.star.metric == Ref("qualified_leads")
    assert len(aozora.star.confirmed) == 3
    assert aozora.star.outcomes == (Ref("revenue", "mrr"), Ref("revenue", "churn_rate"))


def test_the_examples_values_know_where_they_stand(aozora: Project) -> None:
    assert aozora.at("week_starts") == Place("shinro.yaml", 4, 14)
    replies = aozora.metrics[Name("replies")]
    assert (replies.place, replies.at("where")) == (Place("shinro.yaml", 33, 3), Place("shinro.yaml", 36, 12))
    assert aozora.milestones[1].reach[1].place == Place("shinro.yaml", 98, 9)
    assert aozora.initiatives[0].at("expect") == Place("shinro.yaml", 111, 71)


def test_the_examples_scalars_are_kept_as_written(aozora: Project) -> None:
    assert aozora.sources[Name("crm")].dates == "%Y/%m/%d"
    assert aozora.sources[Name("billing")].url == "${BILLING_URL}"
    script, show = aozora.initiatives
    assert script.expect is not None
    assert script.cost is not None
    assert (str(script.expect.text), script.cost.level.number.value) == ("+2pt", Fraction(200_000))
    assert show.expect is not None
    assert (show.first, show.expect.change.within) == (date(2026, 7, 8), Duration(1, "month"))
    assert aozora.targets[ref("reply_rate")].steps[date(2026, 7, 1)].level.number.value == Fraction(1, 10)
    assert aozora.planning is not None
    assert aozora.planning.bounds[Ref("calls")].at_most is not None


def test_the_examples_milestones_are_conditions_on_dates(aozora: Project) -> None:
    assert [milestone.title for milestone in aozora.milestones] == ["m3", "m6", "m12"]
    half = aozora.milestones[1]
    assert half.by is not None
    assert half.by.day(date(2026, 4, 1)) == date(2026, 10, 1)
    mrr, churn, leads = (goal.condition for goal in half.reach[1:])
    assert mrr is not None
    assert churn is not None
    assert leads is not None
    assert (mrr.metric, mrr.part, mrr.level.value) == ("revenue", "mrr", Fraction(300_000))
    assert isinstance(churn.reading, Over)
    assert leads.reading == Per(Grain.MONTH)


def test_the_examples_tree_and_people(aozora: Project) -> None:
    star = aozora.tree[ref("qualified_leads")]
    assert drivers(star.node) == ("leads", "calls_per_lead", "reply_rate", "appointment_rate")
    assert aozora.department_of("reply_rate") == "inside_sales"
    assert aozora.department_of("nps") is None
    leads = aozora.kpi("leads")
    assert leads is not None
    assert (leads.owner, leads.cadence, leads.focus) == (("田中",), Cadence.WEEKLY, True)
    assert Cadence.WEEKLY.grain is Grain.WEEK
    assert aozora.influences[1].expect == "lower"


def test_the_examples_numbers_mean_what_they_say(aozora: Project) -> None:
    known = meanings(aozora)
    assert known["reply_rate"].nature is Nature.RATIO
    assert (known["reply_rate"].numerator, known["reply_rate"].denominator) == ("replies", "calls")
    assert (known["revenue.mrr"].unit, known["revenue.mrr"].nature) == (money("JPY"), Nature.STOCK)
    assert known["revenue.churn_rate"].better is Better.LOWER
    assert known["lead_to_won"].window == "90 days"
    assert known["leads"].unit == count("lead_id")
    assert known["qualified_leads"].population == "kind = 'meeting' and outcome = 'held'"
    assert {name for name in known if name.startswith("revenue.")} == {f"revenue.{part}" for part in PARTS}


def test_the_examples_tables_have_their_plans(aozora: Project) -> None:
    found, problems = plans(aozora, "/aozora", {"BILLING_URL": "postgresql://db/billing"})
    assert problems == ()
    kind = next(column for column in found["contacts"].columns if column.name == "kind")
    assert (kind.header, kind.role) == ("種別", Role.TEXT)
    assert found["contacts"].source.late_by == 1
    assert found["nps"].source.path == "/aozora/data/crm/*.csv"


def test_the_example_asks_for_nothing_that_has_no_answer(aozora: Project) -> None:
    assert list(refusals(aozora, meanings(aozora))) == []


def problems(text: str, included: Mapping[str, str] | None = None) -> list[Problem]:
    _, found = read_project(text, "shinro.yaml", (included or {}).get)
    for problem in found:
        assert_said(problem)
    return list(found)


def codes(text: str, included: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    return [(problem.code, str(problem.place)) for problem in problems(text, included)]


def test_a_project_that_says_nothing_has_its_defaults() -> None:
    project, found = read_project("company: a\n", "shinro.yaml")
    assert found == ()
    assert (project.zone, project.calendar.week_starts, project.calendar.fiscal_starts) == ("UTC", 0, 1)
    assert (project.star, project.metric("leads"), project.table(None), project.source("crm")) == (None,) * 4
    assert (project.kpi("leads"), project.department_of("leads")) == (None, None)


def test_a_metric_is_called_by_its_label_and_a_part_by_its_name_behind_it() -> None:
    labelled = "  leads: {label: {ja: リード数, en: Leads}, count: l}\n  revenue: {label: 収益, recurring: s}\n"
    project, _ = read_project(f"metrics:\n{labelled}  a: {{count: a}}\n", "shinro.yaml")
    assert [project.label("leads", lang) for lang in ("ja", "en")] == ["リード数", "Leads"]
    assert [project.label(name, "ja") for name in ("revenue.mrr", "a", "unknown.x")] == ["収益.mrr", "a", "unknown.x"]


def test_two_stars_are_no_star() -> None:
    project, _ = read_project("north_star: [leads, won]\n", "shinro.yaml")
    assert (len(project.north_star), project.star) == (2, None)


def test_included_sections_grow_and_keep_their_own_places() -> None:
    text = "include: [metrics.yaml, more.yaml]\nmetrics:\n  a: {count: t}\nmilestones: [{id: m}]\n"
    more = {
        "metrics.yaml": "metrics:\n  b: {count: t}\ncurrency: JPY\n",
        "more.yaml": "milestones:\n  - {id: n}\n",
    }
    project, found = read_project(text, "sub/shinro.yaml", more.get)
    assert found == ()
    assert [str(name) for name in project.metrics] == ["a", "b"]
    assert project.metrics[Name("b")].place == Place("sub/metrics.yaml", 2, 3)
    assert [milestone.title for milestone in project.milestones] == ["m", "n"]
    assert project.currency == "JPY"


@pytest.mark.parametrize(
    ("text", "included", "told"),
    [
        ("include: gone.yaml\n", {}, [("S128", "shinro.yaml:1:10")]),
        ("include: [gone.yaml]\n", {}, [("S128", "shinro.yaml:1:11")]),
        ("include: shinro.yaml\n", {"shinro.yaml": "company: a\n"}, [("S129", "shinro.yaml:1:10")]),
        ("include: [a.yaml, ./a.yaml]\n", {"a.yaml": "company: a\n"}, [("S105", "shinro.yaml:1:19")]),
        ("include: a.yaml\n", {"a.yaml": "include: b.yaml\n"}, [("S129", "a.yaml:1:1")]),
        ("include: a.yaml\ncompany: a\n", {"a.yaml": "company: b\n"}, [("S105", "a.yaml:1:1")]),
        ("include: a.yaml\ntree: {m: a + b}\n", {"a.yaml": "tree: {m: a + c}\n"}, [("S105", "a.yaml:1:8")]),
        ("include: a.yaml\n", {"a.yaml": "company: a\ncompany: b\n"}, [("S105", "a.yaml:2:1")]),
        ("include: [[a.yaml]]\n", {}, [("S113", "shinro.yaml:1:11")]),
        ("include: {a: b}\n", {}, [("S113", "shinro.yaml:1:10")]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_include(text: str, included: dict[str, str], told: list[tuple[str, str]]) -> None:
    assert codes(text, included) == told


def test_an_included_file_that_cannot_be_read_stops_with_its_path() -> None:
    with pytest.raises(CannotGoOn) as caught:
        read_project("include: a.yaml\n", "shinro.yaml", {"a.yaml": "x: {\n"}.get)
    assert [problem.place.path for problem in caught.value.problems] == ["a.yaml"]


@pytest.mark.parametrize(
    ("zone", "near"),
    [
        ("Asia/Tokio", "Asia/Tokyo"),
        ("Tokyo", "Asia/Tokyo"),
        ("new york", "America/New_York"),
        ("JST", ""),
        ("UTC+9", ""),
    ],
)
def test_a_zone_is_asked_back_by_its_area_or_city_and_letters_are_not(zone: str, near: str) -> None:
    _, problems = read_project(f"timezone: {zone}\n", "shinro.yaml")
    assert [problem.args["near"] for problem in problems if problem.code == "S125"] == [near]


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("timezone: Asia/Tokio\n", "S125", "shinro.yaml:1:11"),
        ("timezone: ZZZ\n", "S125", "shinro.yaml:1:11"),
        ("currency: YEN\n", "S126", "shinro.yaml:1:11"),
        ("sources:\n  a: {type: files, path: x, timezone: Tokyo}\n", "S125", "shinro.yaml:2:39"),
        ("sources:\n  a: {type: files}\n", "S112", "shinro.yaml:2:3"),
        ("sources:\n  a: {type: postgres}\n", "S112", "shinro.yaml:2:3"),
        ("sources:\n  a: {type: postgres, url: 'postgresql://u:pw@h/d'}\n", "S130", "shinro.yaml:2:29"),
        ("tables:\n  t: {from: leads}\n", "S123", "shinro.yaml:2:13"),
        ("metrics:\n  m: {label: x}\n", "S124", "shinro.yaml:2:3"),
        ("metrics:\n  m: {count: t, stock: t}\n", "S124", "shinro.yaml:2:3"),
        ("metrics:\n  m: {conversion: t, within: 3 days}\n", "S112", "shinro.yaml:2:3"),
        ("metrics:\n  m: {funnel: t}\n", "S112", "shinro.yaml:2:3"),
        ("metrics:\n  m: {reported: a.b, value: x}\n", "S112", "shinro.yaml:2:3"),
        ("metrics:\n  m: {reported: a.b, every: month}\n", "S112", "shinro.yaml:2:3"),
        ("metrics:\n  m: {ratio: a * b}\n", "S127", "shinro.yaml:2:14"),
        ("metrics:\n  m: {ratio: a}\n", "S127", "shinro.yaml:2:14"),
        ("metrics:\n  m: {stock: t, at: x}\n", "S131", "shinro.yaml:2:21"),
    ],
)
def test_what_a_block_alone_cannot_see(text: str, code: str, place: str) -> None:
    assert codes(text) == [(code, place)]


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://u@h/db?password=hunter2", True),
        ("postgresql://h/db?user=u&sslpassword=hunter2&sslmode=require", True),
        ("host=h password=hunter2", True),
        ("password = 'hunter 2' host=h", True),
        ("postgresql://u:hunter2@h/db?sslpassword=${KEY}", True),
        ("postgresql://u@h/db?password=${PASSWORD}", False),
        ("host=h password='${PASSWORD}' user=u", False),
        ("postgresql://u@h/db?passfile=/etc/pgpass&password=", False),
        ("postgresql://password=x@h/db", False),
        ("${URL}", False),
    ],
)
def test_a_password_in_an_address_is_told_however_it_is_written(url: str, told: bool) -> None:
    text = f'sources:\n  a: {{type: postgres, url: "{url}"}}\n'
    assert codes(text) == ([("S130", "shinro.yaml:2:29")] if told else [])


@pytest.mark.parametrize(
    ("metric", "told"),
    [
        ("{derived: mean(n, 3)}", ["S102"]),
        ("{derived: mean(n, 3), unit: count}", ["S102"]),
        ("{count: t, where: a = 1, b = 2}", ["S102"]),
        ("{funnel: t, steps: {a: x in (1, 2), b: y}}", ["S102"]),
        ("{derived: n +}", ["Q122"]),
        ("{count: t, where: }", ["S115"]),
        ("{cuont: t}", ["S111"]),
    ],
)
def test_what_is_cut_or_unreadable_is_told_once_and_nothing_that_follows_from_it(metric: str, told: list[str]) -> None:
    text = f"metrics:\n  m: {metric}\n"
    assert [code for code, _ in codes(text)] == told
    project, _ = read_project(text, "shinro.yaml")
    assert not any(map(is_whole, project.metrics.values()))


@pytest.mark.parametrize(
    "url",
    ["${URL}", "postgresql://u:${PASSWORD}@h/d", "postgresql://u@h/d", "postgresql://h/d", "postgresql://h:5432/d"],
)
def test_an_address_without_a_password_in_it_is_right(url: str) -> None:
    assert codes(f"sources:\n  a: {{type: postgres, url: '{url}'}}\n") == []
