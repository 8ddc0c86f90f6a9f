"""Aims: the conditions of milestones as a plan reads them: in which period, over how many, as what multiple."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from shinro.analysis.compare import TOWARDS, holds
from shinro.analysis.measured import Bearings, is_shared
from shinro.analysis.targets import judged, metric_of
from shinro.analysis.totals import since, typed_by
from shinro.definitions.periodic import comes_by, grows_with_length, reads_from
from shinro.definitions.phrases import Condition, Over, Per, Since
from shinro.definitions.story import Milestone
from shinro.definitions.tree import reads
from shinro.definitions.unfolding import DAYS, Unfolding
from shinro.periods import MONTHS_OF, Grain, Period
from shinro.series import Better, Meaning, Nature

FARTHEST = {Grain.DAY: 1100, Grain.WEEK: 260, Grain.MONTH: 120, Grain.QUARTER: 40, Grain.YEAR: 20}  # periods ahead
WHOLE = {(a, b): m // n for a, m in MONTHS_OF.items() for b, n in MONTHS_OF.items() if m > n}  # periods of which


@dataclass(frozen=True, slots=True)
class Wanted:
    """A condition of a milestone and the day by which it must hold."""

    milestone: str
    text: str
    condition: Condition
    due: date

    @property
    def metric(self) -> str:
        """The metric or part that it is about."""
        return metric_of(self.condition)


@dataclass(frozen=True, slots=True)
class Aim:
    """A condition on a metric in one period of a plan (`index`, from 0).

    Read as `factor` times the value; over several periods pooled by `weight` (so many periods back), or added to what
    was there `so_far`, from the period `first` on, which counts with a `share`. It is read anew every `step` periods.
    """

    milestone: str
    text: str
    metric: str
    meaning: Meaning
    op: str
    level: Fraction
    index: int
    factor: Fraction = Fraction(1)
    over: int = 1
    weight: tuple[str, int] | None = None
    so_far: Fraction | None = None
    first: int = 0
    share: Fraction = Fraction(1)
    step: int = 1

    @property
    def side(self) -> int:
        """+1 where more is better, -1 where less is."""
        return -1 if TOWARDS[self.op] is Better.LOWER else 1

    def holds(self, value: Fraction | None) -> bool:
        """Whether a value meets it."""
        return value is not None and holds(value, self.op, self.level)

    def read(self, at: Callable[[str, int], Any], index: int | None = None, number: type = Fraction) -> Any:  # noqa: ANN401
        """The condition's value from a metric's value in a period (-1 is the base): Fractions, or arrays of floats."""
        index, factor = self.index if index is None else index, number(self.factor)
        if self.so_far is not None and (self.over == 1 or index < self.over):
            shares = ((n, number(self.share if n == self.first else 1)) for n in range(self.first, index + 1))
            return sum((at(self.metric, n) * share for n, share in shares), number(self.so_far))
        if self.over == 1:
            return at(self.metric, index) * factor
        span = range(index - self.over + 1, index + 1)
        if self.weight is None:
            return sum(at(self.metric, n) for n in span) * factor / self.over
        weight, back = self.weight
        base = [at(weight, n - back) for n in span]
        return sum(at(self.metric, n) * each for n, each in zip(span, base, strict=True)) * factor / sum(base)


def wanted_of(milestones: Sequence[Milestone], starts: date | None, as_of: date) -> Iterator[Wanted]:
    """The conditions of all milestones that are still ahead, in the order of their days."""
    dated = [(day, each) for each in milestones if (day := each.day(starts)) and day > as_of]
    for day, milestone in sorted(dated, key=lambda found: found[0]):
        for goal in milestone.reach:
            if goal.condition:
                yield Wanted(milestone.title or day.isoformat(), str(goal.text), goal.condition, day)


def aimed(
    bearings: Bearings,
    wanted: Sequence[Wanted],
    grain: Grain,
    base: Period,
    unfolding: Unfolding,
    lost: Collection[str],
) -> tuple[tuple[Aim, ...], tuple[tuple[str, str], ...]]:
    """The aims, and the conditions that no plan can be made for, each with a catalog key that says why."""
    aims: list[Aim] = []
    unread: list[tuple[str, str]] = []
    for each in wanted:
        found = _aim(bearings, each, grain, base, unfolding, lost)
        if isinstance(found, Aim):
            aims.append(found)
        else:
            unread.append((f"{each.milestone}: {each.text}", found))
    return tuple(aims), tuple(unread)


def _aim(
    bearings: Bearings, each: Wanted, grain: Grain, base: Period, unfolding: Unfolding, lost: Collection[str]
) -> Aim | str:
    meaning = bearings.meaning(each.metric)
    if each.metric not in bearings.meanings:
        return "plan.unknown"
    if _rests_on(each.metric, unfolding, lost):
        return "plan.unmeasured"
    index = _index(bearings, grain, base, _read_on(bearings, each, grain))
    if index < 0:
        return "plan.past"
    if index >= FARTHEST[grain]:
        return "plan.far"
    if not reads_from(bearings.project, each.condition, grain):
        return "plan.unpooled" if isinstance(each.condition.reading, Over) else "plan.once"
    reading, level = each.condition.reading, each.condition.level.value
    op = ">=" if each.condition.op == "=" else each.condition.op  # a plan comes up to a level, and stays
    aim = Aim(each.milestone, each.text, each.metric, meaning, op, level, index)
    return _read_as(bearings, aim, reading, grain, base, unfolding)


def _read_as(
    bearings: Bearings, aim: Aim, reading: object, grain: Grain, base: Period, unfolding: Unfolding
) -> Aim | str:
    if isinstance(reading, Since):
        return _since(bearings, aim, grain, base)
    if isinstance(reading, Over):
        whole = WHOLE.get((reading.grain, grain), 1)
        over = max(int(DAYS[reading.grain] * reading.periods / DAYS[grain] + Fraction(1, 2)), 1)
        return replace(aim, over=over, weight=_weight(aim, unfolding), step=whole)
    per, brings = _per(reading), is_shared(bearings.project, aim.meaning)
    if isinstance(reading, Per) and (per, grain) in WHOLE:
        return _whole(bearings, aim, WHOLE[per, grain], grain, base, unfolding)
    return replace(aim, factor=DAYS[per] / DAYS[grain]) if brings and per is not grain else aim


def _per(reading: object) -> Grain:
    return reading.grain if isinstance(reading, Per) else Grain.MONTH


def _read_on(bearings: Bearings, each: Wanted, grain: Grain) -> date:
    """The day that a condition is read on: of whole quarters and years the end of the last one that is over."""
    reading = each.condition.reading
    if isinstance(reading, Per | Over) and (reading.grain, grain) in WHOLE:
        return judged(bearings.calendar, reading.grain, each.due).last
    return each.due


def _whole(bearings: Bearings, aim: Aim, periods: int, grain: Grain, base: Period, unfolding: Unfolding) -> Aim | str:
    """A condition on a whole quarter or year of the calendar: its periods as one, those that are over as they were."""
    if aim.meaning.nature is Nature.STOCK:
        return replace(aim, step=periods)
    brings = is_shared(bearings.project, aim.meaning)
    times = periods if brings or grows_with_length(bearings.project, aim.metric) else 1
    found = replace(aim, factor=Fraction(times), over=periods, step=periods, weight=_weight(aim, unfolding))
    over = [bearings.calendar.step(base, grain, -n) for n in range(periods - 1 - aim.index)]
    if not brings or not over:
        return found
    values = [_value(bearings, aim.metric, grain, period) for period in over]
    known = [value for value in values if value is not None]
    return replace(found, so_far=sum(known, Fraction(0))) if len(known) == len(values) else "plan.so_far"


def _value(bearings: Bearings, metric: str, grain: Grain, period: Period) -> Fraction | None:
    """What a flow brought in a period that is over; nothing before the first row of what is counted."""
    points = {point.period: point for point in bearings.measured.complete(metric, grain)}
    if points and period < min(points) and comes_by(bearings.project, metric) is Grain.DAY:
        return Fraction(0)
    return points[period].value if period in points else None


def _since(bearings: Bearings, aim: Aim, grain: Grain, base: Period) -> Aim | str:
    """A condition on what came since the story's start: what the status reads up to the base, and what is to come."""
    starts = bearings.starts
    if starts is None:
        return "plan.since"
    if starts < base.end:
        found = since(bearings, aim.metric, base.last)
        return "plan.so_far" if found is None or found.value is None else replace(aim, so_far=found.value)
    period = bearings.calendar.period(starts, grain)
    if typed_by(bearings.project, aim.metric) and period.start != starts:
        return "plan.so_far"
    first = _index(bearings, grain, base, period.last)
    share = bearings.calendar.share(Period(starts, period.end), period)
    return replace(aim, so_far=Fraction(0), first=first, share=share)


def _index(bearings: Bearings, grain: Grain, base: Period, due: date) -> int:
    """The number of the last period that is over on the day, counted from the one after the base."""
    last, count, period = judged(bearings.calendar, grain, due), -1, base
    while period.start < last.start and count < FARTHEST[grain]:
        period, count = bearings.calendar.step(period, grain), count + 1
    return count if period == last or count >= 0 else -1


def _rests_on(metric: str, unfolding: Unfolding, lost: Collection[str]) -> bool:
    from_ = {metric}
    waiting = [metric]
    while waiting:
        node = unfolding.equations.get(waiting.pop())
        for name in reads(node) if node else ():
            if name not in from_:
                from_.add(name)
                waiting.append(name)
    return bool(from_ & set(lost))


def _weight(aim: Aim, unfolding: Unfolding) -> tuple[str, int] | None:
    """What a rate is pooled by, where the plan knows it: its denominator; of churn and GRR, what was there before."""
    name, _, part = aim.metric.partition(".")
    losses: Mapping[str, str] = {"churn_rate": "companies", "mrr_churn_rate": "mrr", "grr": "mrr"}
    if part in losses:
        stock = f"{name}.{losses[part]}"
        return (stock, 1) if stock in unfolding.metrics else None
    base = aim.meaning.denominator
    return (base, 0) if base and base in unfolding.metrics and aim.meaning.nature is not Nature.WINDOWED else None
