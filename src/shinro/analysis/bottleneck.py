"""The bottleneck: which driver costs most, which is the lowest against its own past, which is most worth mending.

Three rules, three answers, each with its rule's name: they need not agree. Docs: docs/methods/bottleneck.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction

from shinro.analysis.ranking import costliest, costs
from shinro.definitions.people import Initiative
from shinro.definitions.project import Project
from shinro.findings.explanations import Bottleneck, Doing, Lift, Loss, Rule
from shinro.findings.gaps import Decomposition, Kind, Leaf
from shinro.periods import Period
from shinro.series import Better, Meaning, Nature, Point

PAST = 8  # complete periods that a driver needs before its rank in them is told
RECENT = 52  # at most so many of the latest are looked at
TENTH = Fraction(1, 10)
STILL = timedelta(days=91)  # so long after its end an initiative is still told beside the driver that it was for

Worth = Callable[[str, Fraction], Fraction | None]  # what a driver at a level would make of the explained metric


@dataclass(frozen=True, slots=True)
class Driver:
    """A driver as it stands in the explained period: its complete periods, what it was meant to be, its best quarter.

    `best` is the level of its best quarter, for a period of the explained grain.
    """

    meaning: Meaning
    value: Fraction | None
    past: tuple[Point, ...] = ()  # oldest first, the explained period last
    target: Fraction | None = None
    best: Fraction | None = None

    @property
    def metric(self) -> str:
        """The metric's name."""
        return self.meaning.metric


@dataclass(frozen=True, slots=True)
class Standing:
    """The explained metric as the tree gives it from its drivers, and what it would be with one of them at a level."""

    meaning: Meaning
    now: Fraction | None
    worth: Worth


def bottlenecks(
    split: Decomposition | None, drivers: Sequence[Driver], standing: Standing, known: Mapping[str, Meaning]
) -> tuple[Bottleneck, ...]:
    """What each rule names, those that name nothing left out.

    Cost: linear in the drivers' periods, and three calls of `worth` a driver.
    """
    found = [
        costs_most(split, standing.meaning, known) if split else None,
        lowest(drivers),
        *worth_most(drivers, standing),
    ]
    return tuple(each for each in found if each)


def costs_most(split: Decomposition, meaning: Meaning, known: Mapping[str, Meaning]) -> Bottleneck | None:
    """What brought the worst part of the gap: a driver, a node that is not opened, a level before, a formula.

    None where nothing brought anything bad. Law: it never helped.
    """
    own = [leaf for leaf in split.leaves if leaf.kind is not Kind.METRIC or leaf.name != meaning.metric]
    worst = next(iter(costliest(own, meaning.better)), None)
    if worst is None or costs(worst, meaning.better) <= 0:
        return None
    told = known.get(worst.name, Meaning(worst.name, Nature.FLOW))
    return Bottleneck(
        Rule.COSTS_MOST, worst.name, told, worst.after, worst.contribution, kind=worst.kind, back=worst.back
    )


def lowest(drivers: Sequence[Driver]) -> Bottleneck | None:
    """The driver that stands the lowest among its own last complete periods, at most a year of weeks.

    None where none has eight of them, or none stands in its own lower half. Of equals the first.
    """
    ranked = [(rank, driver) for driver in drivers if (rank := _rank(driver))]
    low = [each for each in ranked if Fraction(*each[0]) <= Fraction(1, 2)]
    if not low:
        return None
    (place, of), driver = min(low, key=lambda each: Fraction(*each[0]))
    return Bottleneck(Rule.LOWEST, driver.metric, driver.meaning, driver.value, rank=place, of=of)


def _rank(driver: Driver) -> tuple[int, int] | None:
    """How many of its periods were no better than this one, this one among them, and of how many."""
    side = _side(driver.meaning.better)
    values = [point.value for point in driver.past[-RECENT:] if point.value is not None]
    if driver.value is None or driver.meaning.better is Better.NONE or len(values) < PAST:
        return None
    return sum(side * value <= side * driver.value for value in values), len(values)


def worth_most(drivers: Sequence[Driver], standing: Standing) -> tuple[Bottleneck, ...]:
    """For each level that a driver could return to, the driver that would bring most. None where none would bring any.

    A driver that is already there, or better, is not lifted.
    """
    return tuple(found for lift in Lift if (found := _most(drivers, lift, standing)))


def _most(drivers: Sequence[Driver], lift: Lift, standing: Standing) -> Bottleneck | None:
    side, now = _side(standing.meaning.better), standing.now
    found = []
    for driver in drivers:
        level = _lifted(driver, lift)
        then = standing.worth(driver.metric, level) if level is not None else None
        if level is not None and then is not None and now is not None and side * (then - now) > 0:
            found.append((then - now, level, driver))
    if not found:
        return None
    gain, level, driver = max(found, key=lambda each: side * each[0])
    return Bottleneck(Rule.WORTH_MOST, driver.metric, driver.meaning, driver.value, gain, lift, level)


def _lifted(driver: Driver, lift: Lift) -> Fraction | None:
    """The level that a driver would return to; None where there is none, or it stands there or better."""
    side, value = _side(driver.meaning.better), driver.value
    if value is None or driver.meaning.better is Better.NONE:
        return None
    level = {
        Lift.TARGET: driver.target,
        Lift.BEST_QUARTER: driver.best,
        Lift.TENTH: value + side * abs(value) * TENTH,
    }[lift]
    return level if level is not None and side * level > side * value else None


def with_people(found: Bottleneck, project: Project, period: Period) -> Bottleneck:
    """A bottleneck with whose it is, and what was done about it by the end of a period.

    What had not begun, and what was over a quarter before, is not told.
    """
    if found.kind is Kind.FORMULA:
        return found
    kpi = project.kpi(found.metric)
    doing = tuple(
        Doing(str(each.name))
        for each in project.initiatives
        if str(each.moves) == found.metric and _is_done(each, period)
    )
    owners = tuple(map(str, kpi.owner)) if kpi else ()
    return replace(found, owners=owners, department=project.department_of(found.metric), doing=doing)


def _is_done(initiative: Initiative, period: Period) -> bool:
    last = initiative.ends or initiative.on
    begun = initiative.first is not None and initiative.first < period.end
    return begun and (last is None or last >= period.start - STILL)


def losses(split: Decomposition, project: Project) -> tuple[Loss, ...]:
    """What each department's drivers brought, in the order of the project; what nobody owns last.

    Law: they add up to the leaves' contributions, exactly.
    """
    owned: dict[str | None, list[Leaf]] = {str(name): [] for name in project.departments} | {None: []}
    for leaf in split.leaves:
        owner = project.department_of(leaf.name) if leaf.kind is Kind.METRIC else None
        owned[owner].append(leaf)
    return tuple(Loss(name, _sum(leaves), tuple(leaves)) for name, leaves in owned.items() if leaves)


def _sum(leaves: Iterable[Leaf]) -> Fraction:
    return sum((leaf.contribution for leaf in leaves), Fraction(0))


def _side(better: Better) -> int:
    """1 where more is good; where nobody said, more is taken for good."""
    return -1 if better is Better.LOWER else 1
