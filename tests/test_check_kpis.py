from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from checking import assert_said, facts_of, found
from shinro.checks import kpis
from shinro.checks.rule import Rule, judge
from shinro.loads import Load

HEAD = """\
sources: {crm: {type: files, path: data/*.csv}}
tables:
  leads: {from: crm.leads, key: lead_id, time: created_at}
metrics:
  x: {count: leads}
  y: {count: leads}
  r: {ratio: x / y}
  t: {reported: crm.t, value: n, every: month}
"""


def test_ten_kpis_in_focus_are_too_many_and_three_are_not() -> None:
    metrics = "".join(f"  k{n}: {{count: leads}}\n" for n in range(10))
    focused = [f"  k{n}: {{owner: 田中, focus: true}}\n" for n in range(10)]
    assert found(f"{HEAD}{metrics}kpis:\n{''.join(focused)}", "K301") == [(23, "")]
    assert found(f"{HEAD}{metrics}kpis:\n{''.join(focused[:3])}", "K301") == []


def test_a_kpi_names_its_decision() -> None:
    assert found(HEAD + "kpis: {x: {decides: 予算}, y: {decides: ' '}}\n", "K302") == [(9, "")]
    assert found(HEAD + "kpis: {x: {owner: 田中}}\n", "K302") == [(9, "")]


@pytest.mark.parametrize(
    ("kpis", "cases"),
    [
        ("kpis: {x: {owner: 田中}}", []),
        ("kpis: {x: {decides: a}}", ["none"]),
        ("kpis: {x: {owner: [田中, 佐藤]}}", ["many"]),
        ("kpis: {x: {owner: '田中、佐藤'}}", ["many"]),
        ("kpis: {x: {owner: 全員}}", ["group"]),
        ("kpis: {x: {owner: 営業}}\ndepartments: {sales: {label: 営業}}", ["group"]),
        ("kpis: {x: {owner: sales}}\ndepartments: {sales: {}}", ["group"]),
        ("departments: {sales: {owns: [x]}}", ["missing"]),
        ("kpis: {x: {owner: 田中}}\ndepartments: {sales: {owns: [x]}}", []),
        ("kpis: {x: {owner: 田中}}\ndepartments: {sales: {owns: [x]}, cs: {owns: [x]}}", ["departments"]),
    ],
)
def test_a_kpi_has_exactly_one_owner(kpis: str, cases: list[str]) -> None:
    assert [case for _, case in found(f"{HEAD}{kpis}\n", "K303")] == cases


def test_a_direction_is_stated_or_follows() -> None:
    assert found(HEAD + "kpis: {x: {owner: a}, r: {owner: a}, nowhere: {owner: a}}\n", "K304") == []
    assert found(HEAD + "kpis: {t: {owner: a}}\n", "K304") == [(9, "")]
    assert found(HEAD + "kpis: {t: {owner: a, better: higher}}\n", "K304") == []


def test_a_cadence_is_stated() -> None:
    assert found(HEAD + "kpis: {x: {owner: a}, y: {owner: a, cadence: weekly}}\n", "K305") == [(9, "none")]


def with_loads(rule: Rule, kpis: str, *loads: Load) -> list[str]:
    facts = replace(facts_of(f"{HEAD}kpis: {kpis}\n"), loads={load.table: load for load in loads})
    problems = judge(facts, [rule])
    for problem in problems:
        assert_said(problem)
    return [" ".join(map(str, (problem.code, *problem.args.values()))) for problem in problems]


def load(table: str, rows: int = 5, until: date | None = date(2026, 5, 8)) -> Load:
    return Load(table, "crm", ("f.csv",), ("0",), "0", rows, known_until=until)


def test_a_source_reaches_up_to_the_last_period_of_the_cadence() -> None:
    weekly, monthly = "{r: {cadence: weekly}}", "{r: {cadence: monthly}}"
    april = load("leads", until=date(2026, 4, 30))
    assert with_loads(kpis.is_fresh_at_its_cadence, weekly, load("leads")) == []
    assert with_loads(kpis.is_fresh_at_its_cadence, weekly, april) == ["K305 stale r leads 2026-04-30"]
    assert with_loads(kpis.is_fresh_at_its_cadence, monthly, april) == []


def test_a_source_is_loaded_and_has_rows() -> None:
    assert with_loads(kpis.has_a_source, "{r: {}}", load("leads")) == []
    assert with_loads(kpis.has_a_source, "{r: {}}") == []  # the L code says why
    assert with_loads(kpis.has_a_source, "{r: {}, t: {}}", load("leads", rows=0)) == ["K306 r leads"]
    assert with_loads(kpis.has_a_source, "{t: {}}", load("t")) == []
