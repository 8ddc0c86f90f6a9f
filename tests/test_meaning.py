from __future__ import annotations

import pytest

from shinro.definitions.meaning import Fact, fact, fact_tables, meaning_of, meanings
from shinro.definitions.project import Project, read_project
from shinro.series import Better, Meaning, Nature
from shinro.units import NUMBER, Unit, count, days, money, months, points, score, times

STORY = """
currency: USD
sources:
  crm: {type: files, path: x}
  app: {type: files, path: y}
tables:
  leads: {from: crm.leads, key: id, time: at, entity: id}
  deals: {from: crm.deals, key: id, time: opened, times: {closed: closed_on}, starts: opened, amount: price,
          entity: lead}
  users: {from: app.users, key: id, time: at}
  subs: {from: app.subs, starts: s, entity: company, amount: a}
metrics:
  leads: {count: leads}
  deals: {count: deals}
  won: {count: deals, at: closed, where: stage = 'won'}
  lost: {label: {ja: 失注数, en: Lost}, count: deals, where: stage = 'lost'}
  people: {count_distinct: deals.lead}
  users: {count: users}
  won_amount: {sum: deals.price, at: closed}
  points: {sum: deals.points}
  average: {avg: deals.points}
  hours: {sum: deals.hours, unit: 時間}
  wait: {median: deals.wait, unit: days}
  paid: {max: deals.fee, unit: 円}
  share: {avg: deals.share, unit: "%"}
  open: {stock: deals}
  active: {active: users, within: 28 days}
  kept: {retention: users, after: 30 days}
  steps: {funnel: users, steps: {a: kind = 'a', b: kind = 'b'}}
  lead_to_won: {conversion: leads, to: won, within: 90 days}
  user_to_won: {conversion: users, to: {table: deals, at: closed}, within: 90 days}
  win_rate: {ratio: won / leads}
  close_rate: {ratio: won / deals}
  churn_rate: {ratio: lost / deals}
  price: {ratio: won_amount / won}
  forced: {ratio: users / leads, unit: "%"}
  mixed: {ratio: won_amount / lost}
  multiple: {ratio: won_amount / won, unit: times}
  written: {ratio: won_amount / won, unit: percent}
  per_deal: {ratio: won_amount / won, unit: money}
  per_won: {ratio: lost / won_amount, unit: deals}
  both: {derived: won + lost}
  left: {derived: leads - won}
  goal: {derived: 300円 + 2}
  value: {derived: won * price}
  rest: {derived: (open + won) * 2}
  by_hand: {derived: 1 + 2, nature: flow}
  inverse: {derived: won / leads}
  all_won: {cumulative: won}
  revenue: {recurring: subs}
  nps: {reported: crm.nps, value: score, every: month}
  cash: {reported: crm.cash, value: x, every: month, unit: money, nature: stock}
  late: {reported: gone.late, value: x, every: month, unit: "%"}
  net_burn: {derived: lost - won}
  runway: {ratio: "cash / positive(mean(net_burn, 3))", unit: months}
  payback: {ratio: won_amount / price, unit: か月}
  nps_asked: {ratio: (won - lost) * 100 / deals, unit: points}
  growth: {derived: "cmgr(won, 12)"}
  cac: {ratio: won_amount / won}
  LTV_CAC: {ratio: won_amount / won, label: LTV/CAC}
  none: {label: x}
  circle: {derived: circle2 + 1}
  circle2: {derived: circle + 1}
  unknown: {ratio: gone / leads}
  missing: {count: nowhere}
kpis:
  deals: {owner: a, better: lower}
  revenue.mrr: {owner: a, better: none}
"""


@pytest.fixture(scope="module")
def project() -> Project:
    found, _ = read_project(STORY, "shinro.yaml")
    return found


@pytest.fixture(scope="module")
def known(project: Project) -> dict[str, Meaning]:
    return dict(meanings(project))


@pytest.mark.parametrize(
    ("metric", "nature", "unit", "better"),
    [
        ("leads", Nature.FLOW, count("id"), Better.HIGHER),
        ("deals", Nature.FLOW, count("deals"), Better.LOWER),  # its KPI says so
        ("lost", Nature.FLOW, count("deals"), Better.LOWER),  # its label says so
        ("people", Nature.FLOW, count("lead"), Better.HIGHER),
        ("won_amount", Nature.FLOW, money("USD"), Better.HIGHER),
        ("points", Nature.FLOW, count("points"), Better.HIGHER),
        ("average", Nature.FLOW, count("points"), Better.NONE),
        ("hours", Nature.FLOW, count("時間"), Better.HIGHER),
        ("wait", Nature.FLOW, days(), Better.NONE),
        ("paid", Nature.FLOW, money("JPY"), Better.NONE),
        ("share", Nature.FLOW, NUMBER, Better.NONE),
        ("open", Nature.STOCK, count("deals"), Better.NONE),
        ("active", Nature.WINDOWED, count("users"), Better.HIGHER),
        ("kept", Nature.WINDOWED, NUMBER, Better.HIGHER),
        ("win_rate", Nature.RATIO, count("deals") / count("id"), Better.HIGHER),
        ("close_rate", Nature.RATIO, NUMBER, Better.HIGHER),
        ("churn_rate", Nature.RATIO, NUMBER, Better.LOWER),
        ("price", Nature.RATIO, money("USD") / count("deals"), Better.HIGHER),
        ("multiple", Nature.RATIO, times(), Better.HIGHER),
        ("written", Nature.RATIO, NUMBER, Better.HIGHER),
        ("per_deal", Nature.RATIO, money("USD") / count("deals"), Better.HIGHER),
        ("per_won", Nature.RATIO, count("deals") / money("USD"), Better.LOWER),
        ("forced", Nature.RATIO, NUMBER, Better.HIGHER),
        ("cac", Nature.RATIO, money("USD") / count("deals"), Better.LOWER),
        ("LTV_CAC", Nature.RATIO, money("USD") / count("deals"), Better.HIGHER),
        ("net_burn", Nature.FLOW, count("deals"), Better.LOWER),
        ("runway", Nature.RATIO, months(), Better.NONE),
        ("payback", Nature.RATIO, months(), Better.LOWER),
        ("nps_asked", Nature.RATIO, points(), Better.HIGHER),
        ("growth", Nature.RATIO, NUMBER, Better.HIGHER),
        ("both", Nature.FLOW, count("deals"), Better.NONE),  # one part up, one down
        ("left", Nature.FLOW, count("id"), Better.HIGHER),
        ("goal", Nature.RATIO, money("JPY"), Better.NONE),
        ("value", Nature.FLOW, money("USD"), Better.HIGHER),
        ("rest", Nature.FLOW, count("deals"), Better.NONE),
        ("by_hand", Nature.FLOW, NUMBER, Better.NONE),
        ("inverse", Nature.RATIO, count("deals") / count("id"), Better.NONE),
        ("all_won", Nature.STOCK, count("deals"), Better.HIGHER),
        ("nps", Nature.STOCK, score("nps"), Better.NONE),
        ("cash", Nature.STOCK, money("USD"), Better.NONE),
        ("revenue.mrr", Nature.STOCK, money("USD"), Better.NONE),  # its KPI says so
        ("revenue.companies", Nature.STOCK, count("company"), Better.HIGHER),
        ("revenue.churn_rate", Nature.RATIO, NUMBER, Better.LOWER),
        ("revenue.arpa", Nature.RATIO, money("USD") / count("company"), Better.HIGHER),
        ("missing", Nature.FLOW, count("nowhere"), Better.HIGHER),
    ],
)
def test_what_a_number_means(
    known: dict[str, Meaning], metric: str, nature: Nature, unit: Unit, better: Better
) -> None:
    found = known[metric]
    assert (found.nature, found.unit, found.better) == (nature, unit, better)


@pytest.mark.parametrize(
    "metric", ["close_rate", "churn_rate", "forced", "written", "lead_to_won", "kept", "late", "share", "growth"]
)
def test_what_is_shown_as_a_percentage(known: dict[str, Meaning], metric: str) -> None:
    assert known[metric].percent


@pytest.mark.parametrize("metric", ["win_rate", "price", "leads", "revenue.mrr", "nps", "runway", "nps_asked"])
def test_what_is_not(known: dict[str, Meaning], metric: str) -> None:
    assert not known[metric].percent


def test_a_number_says_what_it_is_made_of(known: dict[str, Meaning]) -> None:
    assert (known["win_rate"].numerator, known["win_rate"].denominator) == ("won", "leads")
    assert known["won"].population == "stage = 'won'"
    assert (known["lead_to_won"].window, known["active"].window, known["leads"].window) == ("90 days", "28 days", None)
    assert (known["won_amount"].currency, known["price"].currency, known["leads"].currency) == ("USD", "USD", None)
    assert (known["cash"].currency, known["nps"].currency) == ("USD", None)


def test_a_formula_may_say_its_own_unit() -> None:
    text = "metrics:\n  won: {count: deals}\n  value: {derived: won * 3, unit: EUR}\n"
    value = meanings(read_project(text, "shinro.yaml")[0])["value"]
    assert (value.unit, value.currency) == (money("EUR"), "EUR")


def test_a_number_knows_the_sources_that_it_comes_from(known: dict[str, Meaning]) -> None:
    assert known["forced"].sources == ("app", "crm")
    assert known["revenue.mrr"].sources == ("app",)
    assert known["nps"].sources == ("crm",)
    assert known["missing"].sources == ()


def test_what_cannot_be_measured_has_no_meaning_and_stops_nothing(known: dict[str, Meaning]) -> None:
    assert "none" not in known
    assert "revenue" not in known
    assert known["unknown"].nature is Nature.RATIO
    assert known["circle"].nature is Nature.FLOW
    assert meaning_of("none", known) == Meaning("none", Nature.FLOW)
    assert meaning_of("leads", known) is known["leads"]


def test_a_recurring_metric_without_its_table_counts_companies_in_yen() -> None:
    project, _ = read_project("metrics:\n  r: {recurring: gone}\n", "shinro.yaml")
    known = meanings(project)
    assert (known["r.companies"].unit, known["r.mrr"].unit, known["r.mrr"].sources) == (
        count("companies"), money("JPY"), ()
    )  # fmt: skip


def test_an_identity_that_cancels_is_known_to_hold_by_definition() -> None:
    text = "metrics:\n  a: {count: t}\n  b: {count: t}\n  r: {ratio: b / a}\ntree: {b: a * r}\n"
    project, _ = read_project(text, "shinro.yaml")
    assert [meanings(project)[name].by_definition for name in ("a", "b")] == [False, True]


@pytest.mark.parametrize(
    ("metric", "found"),
    [
        ("leads", Fact("leads", "at")),
        ("won", Fact("deals", "closed_on")),
        ("open", Fact("deals", None)),
        ("win_rate", None),
        ("none", None),
        ("gone", None),
        ("missing", None),
    ],
)
def test_the_rows_of_a_simple_metric(project: Project, metric: str, found: Fact | None) -> None:
    assert fact(project, metric) == found


@pytest.mark.parametrize(
    ("metric", "tables"),
    [
        ("won", ("deals",)),
        ("win_rate", ("deals", "leads")),
        ("all_won", ("deals",)),
        ("revenue.mrr", ("subs",)),
        ("active", ("users",)),
        ("steps", ("users",)),
        ("lead_to_won", ("leads", "deals")),
        ("user_to_won", ("users", "deals")),
        ("circle", ()),
        ("nps", ()),
        ("none", ()),
    ],
)
def test_the_tables_that_a_metric_comes_from_in_the_end(project: Project, metric: str, tables: tuple[str, ...]) -> None:
    assert fact_tables(project, metric) == tables


def test_a_conversion_from_a_metric_comes_from_that_metrics_table() -> None:
    text = "tables:\n  t: {from: s.t}\nmetrics:\n  a: {count: t}\n  c: {conversion: a, to: a, within: 3 days}\n"
    project, _ = read_project(text, "shinro.yaml")
    assert fact_tables(project, "c") == ("t",)


def test_a_table_dates_its_rows_by_its_time_or_by_another_of_its_times(project: Project) -> None:
    deals = project.table("deals")
    assert deals is not None
    assert [deals.moment(at) for at in (None, "closed", "gone")] == ["opened", "closed_on", None]
    assert deals.dates == ("opened", "closed_on")
