"""Prices: what recurring revenue is read from says what is paid, and of nothing that it does not mean."""

from __future__ import annotations

from collections.abc import Iterator

from shinro.checks.facts import Facts, Need
from shinro.checks.rule import Rule, rule
from shinro.definitions.expression import names
from shinro.definitions.metric import Metric
from shinro.definitions.policies import policies_of
from shinro.definitions.project import Project
from shinro.definitions.sources import SCALES, Table
from shinro.loads import Load
from shinro.problems import Problem, Severity
from shinro.units import stated_in, unit_of


@rule("D709", Severity.WARNING, Need.LOADS)
def amounts_are_not_below_zero(facts: Facts) -> Iterator[Problem]:
    """A price below 0 is a credit, a refund, or a difference where a level is read."""
    for load in (facts.loads or {}).values():
        table = facts.project.table(load.table)
        metrics = ", ".join(_priced(facts.project, load.table)) if load.negative else ""
        if table and metrics:
            args = {
                "case": "period" if table.starts or table.lists else "event",
                "table": load.table,
                "column": str(table.amount),
            }
            yield Problem(
                table.at("amount"), "D709", {**args, "metrics": metrics, "count": load.negative, "rows": load.rows}
            )


def _priced(project: Project, name: str) -> Iterator[str]:
    """Recurring metrics of a table that take its amounts as they come: no filter reads them, no credit is prorated."""
    table = project.table(name)
    for key, metric in _read(project, name):
        if not (table and table.starts and policies_of(metric)["proration"] == "daily"):
            yield key


def _read(project: Project, name: str) -> Iterator[tuple[str, Metric]]:
    """Recurring metrics of a table whose rows no filter picks by their amount."""
    table = project.table(name)
    for key, metric in project.metrics.items():
        if table is None or metric.recurring != name:
            continue
        read = {each.name for where in (table.where, metric.where) if where for each in names(where.node)}
        if table.amount not in read:
            yield str(key), metric


@rule("D711", Severity.WARNING, Need.LOADS)
def amounts_are_told(facts: Facts) -> Iterator[Problem]:
    """A row that says who pays and not how much counts 0, and as an end of what was paid where it is a change event."""
    for load in (facts.loads or {}).values():
        table = facts.project.table(load.table)
        counts = {
            key: load.unlisted if policies_of(metric)["annual_discounts"] == "list" else load.unpriced
            for key, metric in _read(facts.project, load.table)
        }
        metrics = ", ".join(key for key, count in counts.items() if count)
        if table and metrics:
            args = {
                "case": "period" if table.starts or table.lists else "event",
                "table": load.table,
                "column": str(table.amount),
            }
            count = max(counts.values())
            yield Problem(table.at("amount"), "D711", {**args, "metrics": metrics, "count": count, "rows": load.rows})


@rule("D712", Severity.WARNING, Need.LOADS)
def changes_are_no_lists(facts: Facts) -> Iterator[Problem]:
    """A whole list of each month, read as change events, has nobody leave who is only missing from a later month."""
    for load in (facts.loads or {}).values():
        table = facts.project.table(load.table)
        metrics = ", ".join(str(key) for key, metric in facts.project.metrics.items() if metric.recurring == load.table)
        if table and metrics and not (table.starts or table.lists) and load.repeated_amounts:
            args = {"table": load.table, "metrics": metrics, "repeats": load.repeated_amounts, "rows": load.rows}
            yield Problem(table.at("time"), "D712", args)


@rule("D713", Severity.WARNING, Need.LOADS)
def amounts_are_in_what_the_sheet_says(facts: Facts) -> Iterator[Problem]:
    """A sheet in thousands that is read as it stands makes every amount a thousandth of what it is."""
    for load in (facts.loads or {}).values():
        table = facts.project.table(load.table)
        yield from _typed_in(facts, load)
        said, unit = _said(_header(table), load.stated) if table and table.amount else ("", "")
        if table and unit and unit != ("major" if table.amounts_in == "minor" else table.amounts_in):
            args = {"table": load.table, "column": str(table.amount), "file": ", ".join(load.files[:1])}
            said_now = {"said": said, "unit": unit, "declared": table.amounts_in}
            place = table.at("amounts_in" if table.amounts_in != "major" else "amount")
            yield Problem(place, "D713", {**args, **said_now})


def _typed_in(facts: Facts, load: Load) -> Iterator[Problem]:
    """Money that is reported is read as it stands, whatever is written over it or in its own name."""
    metric, meaning = facts.project.metric(load.table), facts.meanings.get(load.table)
    if not (metric and metric.reported and meaning and meaning.unit.currency):
        return
    said, unit = _said(str(metric.row or metric.value), load.stated)
    if unit and unit != "major":
        args = {"metric": load.table, "file": ", ".join(load.files[:1]), "said": said, "times": f"{SCALES[unit]}"}
        yield Problem(metric.at("reported"), "D713", {"case": "reported", **args, "currency": meaning.unit.currency})


def _header(table: Table) -> str:
    """What the amounts of a table are called in the sheet."""
    return next((text for text, name in table.rename.items() if str(name) == str(table.amount)), str(table.amount))


def _said(*texts: str) -> tuple[str, str]:
    """The first that says what amounts are in, and what: their own name, else a row above the headers."""
    found = ((text, unit_of(text) or stated_in(text)) for text in texts)
    return next(((text, unit) for text, unit in found if unit), ("", ""))


RULES: tuple[Rule, ...] = (
    amounts_are_not_below_zero,
    amounts_are_told,
    changes_are_no_lists,
    amounts_are_in_what_the_sheet_says,
)
