"""Policies: what counts as recurring revenue, each a named option with a default (codes Q155 and Q156)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from shinro.definitions.expression import names
from shinro.definitions.metric import Metric
from shinro.definitions.project import Project
from shinro.definitions.sources import Table
from shinro.definitions.values import Formula
from shinro.problems import Problem
from shinro.units import CURRENCIES

# Option -> what it may be; the first is what holds where nothing is said.
POLICIES: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "annual_discounts": ("paid", "list"),  # a discounted term counts at what is paid, or at `list_amount`
    "proration": ("full", "daily"),  # an amount is of its whole interval, or of the days from start to end
    "pauses": ("0", "count"),
    "past_due": ("count", "0"),
    "trials": ("0", "count"),
})  # fmt: skip


def policies_of(metric: Metric) -> Mapping[str, str]:
    """Every policy of a recurring metric; what is not a choice is left at its default, and told by `misruled`."""
    written = {str(name): str(choice) for name, choice in metric.options.items()}
    return {name: _of(choices, written.get(name)) for name, choices in POLICIES.items()}


def _of(choices: tuple[str, ...], written: str | None) -> str:
    return written if written is not None and written in choices else choices[0]


def policy_text(metric: Metric) -> str:
    """The policies in a normal form: the same policies, the same text."""
    return ", ".join(f"{name}: {choice}" for name, choice in policies_of(metric).items())


def misruled(project: Project) -> Iterator[Problem]:
    """Options and rates that are not known or have nothing to read, and formulas over numbers of different policies."""
    for table in project.tables.values():
        yield from _rates(project, table)
    for name, metric in project.metrics.items():
        if metric.recurring:
            yield from _options(project, str(name), metric)
        for formula in filter(None, (metric.ratio, metric.derived)):
            yield from _apart(project, str(name), formula)
    for node, formula in project.tree.items():
        yield from _apart(project, str(node), formula)


def _rates(project: Project, table: Table) -> Iterator[Problem]:
    for code, rate in table.rates.items():
        found = project.metric(str(rate))
        args = {"code": str(code), "rate": str(rate)}
        if str(code).upper() not in CURRENCIES:
            yield Problem(rate.place, "Q155", {"case": "currency", **args})
        elif found is None or not found.ways or found.way != "reported" or "." in rate:
            yield Problem(rate.place, "Q155", {"case": "rate", **args})
        elif table.currency is None:
            yield Problem(rate.place, "Q155", {"case": "column", **args})


def _options(project: Project, name: str, metric: Metric) -> Iterator[Problem]:
    for option, choice in metric.options.items():
        known = POLICIES.get(str(option))
        args = {"metric": name, "option": str(option), "choice": str(choice)}
        if known is None:
            yield Problem(choice.place, "Q155", {"case": "option", "known": ", ".join(POLICIES), **args})
        elif str(choice) not in known:
            yield Problem(choice.place, "Q155", {"case": "choice", "known": ", ".join(known), **args})
        elif str(choice) == "list" and not _has_list(project, metric):
            yield Problem(choice.place, "Q155", {"case": "list", "table": str(metric.recurring), **args})
        elif str(choice) == "daily" and not _has_ends(project, metric):
            yield Problem(choice.place, "Q155", {"case": "ends", "table": str(metric.recurring), **args})


def _has_list(project: Project, metric: Metric) -> bool:
    table = project.table(metric.recurring)
    return table is None or table.list_amount is not None


def _has_ends(project: Project, metric: Metric) -> bool:
    table = project.table(metric.recurring)
    return table is None or table.ends is not None


def _apart(project: Project, name: str, formula: Formula) -> Iterator[Problem]:
    """Two amounts that were not counted by the same rules: their ratio, sum or difference says nothing."""
    found: dict[str, str] = {}
    for each in names(formula.node):
        metric = project.metric(each.name)
        if metric and len(metric.ways) == 1 and metric.recurring:
            found.setdefault(policy_text(metric), each.name)
    if len(found) > 1:
        (first, one), (second, other), *_ = found.items()
        ours, theirs = (dict(part.split(": ") for part in text.split(", ")) for text in (first, second))
        option = next(each for each in POLICIES if ours[each] != theirs[each])
        args = {"option": option, "first": ours[option], "second": theirs[option]}
        yield Problem(formula.text.place, "Q156", {"metric": name, "one": one, "other": other, **args})
