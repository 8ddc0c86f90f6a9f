"""Literals beside the unit of what they are compared with: yen are no dollars, and 75 is no share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from shinro.definitions.expression import Binary, Node, Number, walk
from shinro.definitions.phrases import Change
from shinro.definitions.printing import number_text
from shinro.definitions.project import Project
from shinro.definitions.story import Target
from shinro.definitions.values import Amount, Where
from shinro.problems import Place, Problem, problem
from shinro.series import Meaning, Nature
from shinro.units import CURRENCIES, money

INDEX = 100  # what a ratio is taken times at least where it is no share: 100 * (promoters - detractors) / answers


def misfits(project: Project, meanings: Mapping[str, Meaning]) -> Iterator[Problem]:
    """Every level, bound, change and `where` whose number is in another unit than what it is said of (code Q143)."""
    for milestone in project.milestones:
        for goal in milestone.reach:
            if goal.condition:
                condition = goal.condition
                path = f"{condition.metric}.{condition.part}" if condition.part else condition.metric
                yield from misfit(meanings.get(path), condition.level, goal.place)
    for metric, target in project.targets.items():
        for amount in amounts(target):
            yield from _amount(meanings.get(str(metric)), amount)
    for metric, bound in (project.planning.bounds if project.planning else {}).items():
        for amount in filter(None, (bound.at_least, bound.at_most)):
            yield from _amount(meanings.get(str(metric)), amount)
    for initiative in project.initiatives:
        if initiative.expect:
            meaning = meanings.get(str(initiative.moves))
            yield from misfit_change(project, meaning, initiative.expect.change, initiative.expect.place)
    yield from _filters(project, meanings)


def amounts(target: Target) -> list[Amount]:
    """Every level of a target, in the order of its keys."""
    ends = [amount for amount in (target.level, target.from_, target.to) if amount]
    return [*ends, *target.steps.values(), *(amount for values in target.each.values() for amount in values.values())]


def _amount(meaning: Meaning | None, amount: Amount) -> Iterator[Problem]:
    return misfit(meaning, amount.level.number, amount.place)


def misfit(meaning: Meaning | None, number: Number, place: Place) -> Iterator[Problem]:
    """The problem of a number that is in another unit than its metric (code Q143); nothing where it fits."""
    if meaning is None:
        return
    case = _case(meaning, number)
    if case:
        yield _misfit(meaning, case, number, place)


def _case(meaning: Meaning, number: Number) -> str | None:
    if number.unit in CURRENCIES:
        return None if meaning.currency == number.unit else "currency" if meaning.currency else "money"
    if number.unit == "%":
        return None if _is_pure(meaning) else "percent"
    return "share" if meaning.percent and abs(number.value) > 1 else None


def misfit_change(project: Project, meaning: Meaning | None, change: Change, place: Place) -> Iterator[Problem]:
    """The problem of a change whose amount is in another unit than its metric (code Q143); nothing where it fits."""
    if meaning is None or change.kind in ("relative", "times"):
        return
    if change.kind == "points":
        case = None if _moves_by_points(project, meaning) else "points"
    else:
        case = "step" if meaning.percent and not change.value.unit else _case(meaning, change.value)
    if case:
        yield _misfit(meaning, case, change.value, place)


def _moves_by_points(project: Project, meaning: Meaning) -> bool:
    """Whether a metric is a share, or a ratio that may be read as one; an index of 72 would move by 0.05, not by 5."""
    if meaning.percent:
        return True
    found = project.metric(meaning.metric)
    formula = (found.ratio or found.derived) if found else None
    is_index = formula is not None and any(map(_is_scaled, walk(formula.node)))
    return meaning.nature is Nature.RATIO and _is_pure(meaning) and not is_index


def _is_scaled(node: Node) -> bool:
    factors = (node.left, node.right) if isinstance(node, Binary) and node.op == "*" else ()
    return any(isinstance(each, Number) and each.value >= INDEX for each in factors)


def _is_pure(meaning: Meaning) -> bool:
    """Whether a metric is a share, or a number without a unit that may be written as one."""
    return meaning.percent or not meaning.unit.kind.powers


def _misfit(meaning: Meaning, case: str, number: Number, place: Place) -> Problem:
    return problem(
        "Q143",
        place.shifted(number.at),
        case=case,
        metric=meaning.metric,
        found=number_text(number),
        currency=number.unit,
        unit=str(meaning.unit),
        plain=number_text(replace(number, unit="", value=number.value * (1 if number.unit in CURRENCIES else 100))),
        share=number_text(replace(number, unit="%", value=number.value / 100)),
        whole=number_text(replace(number, unit="%")),
    )


def _filters(project: Project, meanings: Mapping[str, Meaning]) -> Iterator[Problem]:
    """Amounts in a `where`: in the project's currency, or in the one that the metric states."""
    for name, table in project.tables.items():
        if table.where and not table.currency:
            yield from _filter(str(name), table.where, project.currency)
    for name, metric in project.metrics.items():
        fact, meaning = project.table(metric.table) if metric.ways else None, meanings.get(str(name))
        if metric.where and not (fact and fact.currency):
            yield from _filter(str(name), metric.where, (meaning and meaning.currency) or project.currency)


def _filter(name: str, where: Where, currency: str | None) -> Iterator[Problem]:
    for part in walk(where.node):
        if isinstance(part, Number) and currency and part.unit in CURRENCIES and part.unit != currency:
            yield _misfit(Meaning(name, Nature.FLOW, money(currency)), "currency", part, where.text.place)
