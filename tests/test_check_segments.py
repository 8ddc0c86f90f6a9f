from __future__ import annotations

from pathlib import Path

import pytest

from checking import assert_said, check_folder
from judging import problems, with_loads
from shinro.checks.segments import RULES
from shinro.loads import Load
from shinro.problems import Problem

CRM = """\
sources: {crm: {type: files, path: data/*.csv}}
tables:
  reps: {from: crm.reps, key: rep, dimensions: [team]}
  calls: {from: crm.calls, key: id, time: at, dimensions: [rep, free], joins: {reps: rep}}
  deals: {from: crm.deals, key: id, time: at, dimensions: [rep]}
metrics:
  calls: {count: calls}
  won: {count: deals}
  rate: {ratio: won / calls}
  nps: {reported: crm.nps, value: score, every: month}
"""
VALUES: dict[str, dict[str, tuple[str, ...]]] = {
    "reps": {"team": ("east", "west")},
    "calls": {"rep": ("田中", "佐藤"), "kind": ("call", "meeting"), "none": ()},
    "deals": {"rep": ("鈴木",)},
}


def told(text: str) -> list[Problem]:
    loads = {name: Load(name, "crm", (f"{name}.csv",), (), "", 10, values=values) for name, values in VALUES.items()}
    return problems(RULES, with_loads(CRM + text, loads), "D708")


def absent(text: str) -> list[tuple[str, str]]:
    """Each value that no row has, and the nearest that one has."""
    return [(str(each.args["value"]), str(each.args["near"])) for each in told(text)]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("kind = 'meeting'", []),
        ("kind = 'meetng'", [("meetng", "meeting")]),
        ("'Call' = kind", [("Call", "call")]),
        ("kind = 'X' and rep = '田中'", [("X", "")]),
        ("kind != 'X'", []),
        ("not (kind = 'X')", []),
        ("kind not in ('X', 'Y')", []),
        ("kind in ('call', '訪問')", []),
        ("kind in ('call', 'meetng')", [("meetng", "meeting")]),
        ("kind in ('call', 'meeting', 'meetings')", []),
        ("kind in ('X', 'Y')", [("X", ""), ("Y", "")]),
        ("size in (1, 2)", []),
        ("reps.team = 'north'", [("north", "")]),
        ("reps.team = 'West'", [("West", "west")]),
        ("free = 'anything'", []),
        ("none = 'anything'", []),
        ("lower(kind) = 'X'", []),
    ],
)
def test_a_filter_names_a_value_that_a_row_has(where: str, found: list[tuple[str, str]]) -> None:
    assert absent(f'  some: {{count: calls, where: "{where}"}}\n') == found


def test_the_filter_of_a_table_is_read_as_well() -> None:
    text = CRM.replace("dimensions: [rep, free],", "where: kind = 'X', dimensions: [rep, free],")
    loads = {"calls": Load("calls", "crm", ("calls.csv",), (), "", 10, values=VALUES["calls"])}
    (found,) = problems(RULES, with_loads(text, loads), "D708")
    assert (found.place.line, found.args["table"], found.args["column"]) == (4, "calls", "kind")


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("calls: {per: week, level: 9, each: {rep: {田中: 4, Zed: 5}}}", [("Zed", "")]),
        ("calls: {per: week, level: 9, each: {rep: {田中 : 4, 佐藤: 5}}}", []),
        ("calls: {per: week, level: 9, each: {team: {EAST: 4}}}", [("EAST", "east")]),
        ("calls: {per: week, level: 9, each: {free: {Zed: 4}}}", []),
        ("calls: {per: week, level: 9, each: {unknown: {Zed: 4}}}", []),
        ("rate: {each: {rep: {鈴木: 4, 田中: 1, Zed: 4}}}", [("Zed", "")]),
        ("nps: {each: {rep: {Zed: 4}}}", []),
    ],
)
def test_a_target_has_levels_for_values_that_a_row_has(target: str, found: list[tuple[str, str]]) -> None:
    assert absent(f"targets:\n  {target}\n") == found


def test_the_file_of_a_target_is_read_as_well_and_a_value_told_once(tmp_path: Path) -> None:
    text = f"{CRM}targets: {{calls: {{per: week, file: plan.csv}}, won: {{file: plan.csv}}}}\n"
    files = {
        "plan.csv": "date,level,rep,note\n2026-05-04,5,田中,\n2026-05-04,5,鈴木,x\n2026-05-11,6,鈴木,y\n",
        "data/calls.csv": "id,at,rep,free\n1,2026-05-07,田中,a\n2,2026-05-08,佐藤,b\n",
        "data/reps.csv": "rep,team\n田中,east\n佐藤,west\n",
    }
    (found,) = [each for each in check_folder(tmp_path, text, files) if each.code == "D708"]
    assert (str(found.place), found.args["value"], found.args["table"]) == ("plan.csv:3:1", "鈴木", "calls")
    assert_said(found)


def test_what_is_there_is_shown_and_not_all_of_it() -> None:
    many = tuple(f"v{n:02}" for n in range(20))
    loads = {"calls": Load("calls", "crm", ("calls.csv",), (), "", 10, values={"kind": many})}
    text = CRM + "  some: {count: calls, where: kind = 'X'}\n  same: {reported: crm.n, value: v, every: month}\n"
    (found,) = problems(RULES, with_loads(text, loads), "D708")
    assert found.args["values"] == "v00, v01, v02, v03, v04, v05, v06, v07, …"
    assert_said(found)
