"""check --inventory and --north-star: the star's selection, from a project, its data and somebody's list of KPIs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from unicodedata import normalize

from shinro.analysis.candidates import candidates, in_question
from shinro.analysis.evidence_sought import Asked
from shinro.analysis.inventory import inventory
from shinro.checks.facts import Facts
from shinro.checks.words import plain
from shinro.definitions.meaning import meanings
from shinro.findings.evidence import Role
from shinro.findings.inventory import Candidates, Inventory, Listed
from shinro.problems import CannotGoOn, Place, problem
from shinro.run.evidence import on_pairs, verdicts
from shinro.run.gathering import Gathered, Moment, Progress, gathering, silent
from shinro.run.opening import Opened
from shinro.run.status import rule_wants
from shinro.run.values import known_metric
from shinro.surveys import Survey
from shinro.warehouse.survey import survey

# What the columns of such lists are called, as we met them; compared in small letters, without brackets.
HEADERS: Mapping[str, tuple[str, ...]] = {
    "name": (
        "kpi", "kpi名", "指標", "指標名", "項目", "項目名", "名前", "名称",
        "name", "metric", "metric name", "kpi name", "indicator",
    ),
    "owner": ("担当", "担当者", "責任者", "オーナー", "owner", "responsible", "person", "assignee"),
    "department": ("部門", "部署", "チーム", "department", "team", "dept"),
    "formula": ("計算式", "算出式", "算出方法", "計算方法", "定義", "式", "formula", "definition", "calculation"),
    "decides": ("判断", "意思決定", "何を決めるか", "決めること", "decides", "decision", "used for"),
}  # fmt: skip


def taken_stock(
    opened: Opened, moment: Moment, file: Path | None, progress: Progress = silent, *, data: bool = False
) -> Inventory:
    """Every KPI in use, of a list or of the project, sorted. Without `data` no engine meets the project's tables.

    Raises CannotGoOn where the list cannot be read or has no column of names. Cost: with `data` that of a sync.
    """
    listed = read_list(file, progress) if file else ()
    name = file.name if file else ""
    if not data:
        facts = Facts(
            opened.project, meanings(opened.project), texts=opened.texts, today=moment.today(opened.project.zone)
        )
        return inventory(facts, listed, name)
    with gathering(opened, moment, progress) as gathered:
        found = inventory(replace(measured_facts(gathered), evidence=verdicts(gathered)), listed, name)
        return replace(found, loads=tuple(gathered.loads.values()))


def tried(opened: Opened, moment: Moment, metrics: Sequence[str] = (), progress: Progress = silent) -> Candidates:
    """Candidates for the star, the best first; without names those that the project's structure suggests.

    Raises CannotGoOn where a name is no metric's. Cost: a sync, and about 15 ms a candidate and outcome.
    """
    for metric in metrics:
        known_metric(opened.project, metric, opened.name)
    with gathering(opened, moment, progress) as gathered:
        facts = measured_facts(gathered)
        asked = tuple(metrics) or in_question(facts)
        star = opened.project.star
        outcomes = tuple(map(str, star.outcomes)) if star else ()
        pairs = [Asked(metric, top, Role.CANDIDATE) for metric in asked for top in outcomes if metric != top]
        known = [pair for pair in pairs if {pair.driver, pair.outcome} <= facts.meanings.keys()]
        found = candidates(replace(facts, evidence=on_pairs(gathered, known)), asked)
        loads = tuple(gathered.loads.values())
        return Candidates(found, gathered.as_of, gathered.unmeasured(asked), loads)


def measured_facts(gathered: Gathered) -> Facts:
    """What the rules judge, without readings: loads, and every metric by month and at its cadence."""
    measured = gathered.measure(rule_wants(gathered))
    series = {(want.metric, want.grain): found[0] for want, found in measured.items() if found}
    opened = gathered.opened
    plain_facts = (opened.project, gathered.meanings, gathered.loads, series, gathered.as_of, opened.texts)
    return Facts(*plain_facts, today=gathered.today, strange=gathered.strange)


def read_list(file: Path, progress: Progress = silent) -> tuple[Listed, ...]:
    """The rows of a list of KPIs: a CSV, a TSV or a workbook in whatever encoding; blank names are passed over.

    Raises CannotGoOn where it cannot be read, or no column is called as names of KPIs are.
    """
    progress("read", file.name)
    with tempfile.TemporaryDirectory() as scratch:
        surveyed, problems = survey([file], Path(scratch), [name for names in HEADERS.values() for name in names])
    if problems or not surveyed.files:
        raise CannotGoOn(problems)
    return tuple(_rows(surveyed.files[0], file.name))


def _rows(found: Survey, name: str) -> Iterator[Listed]:
    columns = {role: _cells(found, names) for role, names in HEADERS.items()}
    if not columns["name"]:
        known = ", ".join(HEADERS["name"])
        raise CannotGoOn([problem("L144", Place(name), file=name, known=known, there=", ".join(found.headers))])
    for row, cell in enumerate(columns["name"], 1):
        if cell:
            rest = {role: (cells[row - 1] or "") for role, cells in columns.items() if cells and role != "name"}
            yield Listed(cell.strip(), row, **{role: text.strip() for role, text in rest.items()})


def _cells(found: Survey, names: Sequence[str]) -> tuple[str | None, ...]:
    """The cells of the first column that is called by one of the names, in the names' order."""
    called = {plain(normalize("NFKC", column.header)): column.cells for column in reversed(found.columns)}
    return next((called[name] for name in names if name in called), ())
