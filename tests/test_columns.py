from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from checking import assert_said
from shinro.definitions.columns import dimension_owner, disagreements, owner_of, plans
from shinro.definitions.project import Project, read_project
from shinro.loads import ColumnPlan, JoinPlan, Role
from shinro.problems import Place
from shinro.warehouse.load import load

STORY = """
timezone: Asia/Tokyo
sources:
  crm: {type: files, path: data/*.csv, late_by: 1 day, timezone: UTC, dates: "%Y/%m/%d", numbers: "1.234,5"}
  billing: {type: postgres, url: "${URL}", schema: public}
  local: {type: duckdb, path: /data/x.duckdb}
tables:
  leads: {from: crm.leads, key: lead_id, time: created_at, dimensions: [channel, region]}
  agents: {from: crm.agents, key: agent, dimensions: [region]}
  contacts:
    from: crm.activities
    key: id
    time: occurred_at
    times: {done: done_at}
    rename: {種別: kind}
    joins: {leads: lead_id, agents: agent}
    dimensions: [rep]
    where: kind != 'test'
  subscriptions:
    {from: billing.periods, starts: start_date, ends: end_date, amount: amount, quantity: seats, every: interval,
     status: status, trial_ends: trial_end, currency: currency, entity: company}
  stored: {from: local.stored, key: id}
  lost: {from: nowhere.lost, key: id, joins: {stored: id, unknown: id}}
metrics:
  calls: {count: contacts, where: kind = 'call' and leads.channel = 'web' and other.x = 1}
  people: {count_distinct: contacts.lead_id}
  seats: {avg: subscriptions.seats}
  revenue: {recurring: subscriptions}
  held: {active: contacts, within: 28 days, where: kind = 'meeting'}
  nps: {reported: crm.nps, value: score, every: month}
  staff: {reported: crm.staff, row: people, every: month, time: on_day}
  gone: {reported: nowhere.gone, value: x, every: month}
"""


@pytest.fixture(scope="module")
def project() -> Project:
    found, problems = read_project(STORY, "shinro.yaml")
    assert problems == ()
    return found


def roles(columns: tuple[ColumnPlan, ...]) -> dict[str, str]:
    return {column.name: column.role.value for column in columns}


def test_a_table_is_loaded_with_every_column_that_somewhere_is_read_and_no_other(project: Project) -> None:
    found, problems = plans(project, "/story", {"URL": "postgresql://db/x"})
    assert problems == ()
    assert roles(found["contacts"].columns) == {
        "id": "any", "rep": "any", "occurred_at": "time", "done_at": "time", "kind": "text", "lead_id": "any",
        "agent": "any", "x": "number",
    }  # fmt: skip
    assert roles(found["leads"].columns) == {
        "lead_id": "any", "channel": "text", "region": "any", "created_at": "time"
    }  # fmt: skip
    assert roles(found["subscriptions"].columns) == {
        "company": "any", "start_date": "time", "end_date": "time", "trial_end": "time", "amount": "number",
        "seats": "number", "interval": "text", "status": "text", "currency": "text",
    }  # fmt: skip


def test_a_renamed_column_is_looked_for_by_its_header(project: Project) -> None:
    found, _ = plans(project, "/story", {"URL": "x"})
    kind = next(column for column in found["contacts"].columns if column.name == "kind")
    assert (kind.header, kind.role, kind.place) == ("種別", Role.TEXT, Place("shinro.yaml", 18, 12))


def test_a_plan_knows_its_source_its_times_and_its_joins(project: Project) -> None:
    found, _ = plans(project, "/story", {"URL": "postgresql://db/x"})
    contacts = found["contacts"]
    assert (contacts.stem, contacts.key, contacts.time) == ("activities", "id", "occurred_at")
    assert contacts.times == ("occurred_at", "done_at")
    assert contacts.joins == (
        JoinPlan("leads", "lead_id", "lead_id", Place("shinro.yaml", 16, 20)),
        JoinPlan("agents", "agent", "agent", Place("shinro.yaml", 16, 37)),
    )
    assert (found["subscriptions"].starts, found["subscriptions"].ends) == ("start_date", "end_date")
    source = contacts.source
    assert (source.path, source.late_by, source.timezone) == ("/story/data/*.csv", 1, "UTC")
    assert (source.dates, source.numbers, source.encoding, source.files) == ("%Y/%m/%d", "1.234,5", "utf-8", "newest")


def test_an_absolute_path_stays_and_a_url_is_filled_from_the_environment(project: Project) -> None:
    found, _ = plans(project, "/story", {"URL": "postgresql://db/x"})
    assert found["stored"].source.path == "/data/x.duckdb"
    billing = found["subscriptions"].source
    assert (billing.path, billing.url, billing.schema) == (None, "postgresql://db/x", "public")
    assert billing.timezone == "Asia/Tokyo"


@pytest.mark.parametrize("environ", [{}, {"URL": ""}])
def test_a_variable_that_is_not_set_is_said_once_at_the_url(project: Project, environ: dict[str, str]) -> None:
    found, problems = plans(project, "/story", environ)
    (problem,) = problems
    assert (problem.code, problem.place, problem.args["variable"]) == ("S132", Place("shinro.yaml", 5, 35), "URL")
    assert found["subscriptions"].source.url is None
    assert_said(problem)


def test_a_reported_metric_has_a_sheet_of_its_own_name(project: Project) -> None:
    found, _ = plans(project, "/story", {"URL": "x"})
    assert (found["nps"].stem, found["nps"].time) == ("nps", "date")
    assert roles(found["nps"].columns) == {"date": "time", "score": "number"}
    assert roles(found["staff"].columns) == {"date": "time", "value": "number"}  # a row of a wide sheet


def test_what_comes_from_a_source_that_is_not_defined_has_no_plan(project: Project) -> None:
    found, _ = plans(project, "/story", {"URL": "x"})
    assert set(found) == {"leads", "agents", "contacts", "subscriptions", "stored", "nps", "staff"}


def test_a_column_that_is_no_number_is_told_where_it_is_taken_for_one(tmp_path: Path) -> None:
    text = (
        "sources:\n  crm: {type: files, path: '*.csv'}\ntables:\n  deals: {from: crm.deals, time: at, entity: user}\n"
    )
    text += "metrics:\n  people: {count_distinct: deals.user}\n  total: {sum: deals.user}\n"
    (tmp_path / "deals.csv").write_text("at,user\n2026-05-01,a\n2026-05-02,b\n", "utf-8")
    found, _ = plans(read_project(text, "shinro.yaml")[0], str(tmp_path), {})
    _, (problem,) = load(found["deals"], tmp_path / ".shinro", date(2026, 5, 3))
    assert (problem.code, problem.place) == ("L112", Place("shinro.yaml", 7, 16))
    assert found["deals"].columns[0].place == Place("shinro.yaml", 4, 46)


def test_a_column_of_two_kinds_is_told_at_its_second_use() -> None:
    text = "sources:\n  crm: {type: files, path: x}\ntables:\n  deals: {from: crm.deals, key: id, time: closed}\n"
    text += "metrics:\n  total: {sum: deals.amount}\n  big: {count: deals, where: amount = 'big'}\n"
    project, _ = read_project(text, "shinro.yaml")
    (problem,) = disagreements(project)
    assert (problem.code, problem.place) == ("Q130", Place("shinro.yaml", 7, 30))
    assert dict(problem.args) == {
        "column": "amount", "role": Role.TEXT, "other": Role.NUMBER, "first": "shinro.yaml:6:16"
    }  # fmt: skip
    assert_said(problem)
    assert plans(project, "", {})[1] == (problem,)


@pytest.mark.parametrize(
    ("dimension", "owner"),
    [
        ("rep", ("contacts", "rep")),
        ("channel", ("leads", "channel")),
        ("region", None),  # two joined tables have one
        ("agents.region", ("agents", "region")),
        ("contacts.rep", ("contacts", "rep")),
        ("subscriptions.plan", None),
        ("nowhere.x", None),
        ("unknown", None),
    ],
)
def test_a_dimension_belongs_to_the_fact_table_or_to_the_one_joined_table_that_has_it(
    project: Project, dimension: str, owner: tuple[str, str] | None
) -> None:
    assert dimension_owner(project, "contacts", dimension) == owner


def test_a_table_that_is_not_defined_has_no_dimension(project: Project) -> None:
    assert dimension_owner(project, "nowhere", "rep") is None


@pytest.mark.parametrize(("owner", "table"), [("contacts", "contacts"), ("leads", "leads"), ("stored", "contacts")])
def test_a_column_of_a_table_that_is_not_joined_counts_as_the_fact_tables_own(
    project: Project, owner: str, table: str
) -> None:
    assert owner_of(project, "contacts", owner) == table


def test_ends_are_planned_unless_times_name_them_too(project: Project) -> None:
    found, _ = plans(project, "", {})
    assert found["subscriptions"].planned == ("end_date", "trial_end")
    happened, _ = read_project(
        "sources: {crm: {type: files, path: x.csv}}\n"
        "tables: {deals: {from: crm.deals, time: a, times: {closed: b}, starts: a, ends: b}}\n",
        "shinro.yaml",
    )
    assert plans(happened, "", {})[0]["deals"].planned == ()
