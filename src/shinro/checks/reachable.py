"""Reachable: whether a milestone can hold at all while every driver stays within the planning bounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor

from shinro.checks.agreement import SHARES
from shinro.checks.bounds import never_negative
from shinro.checks.facts import Facts
from shinro.checks.levels import shown
from shinro.checks.promises import Promise, monthly, promises
from shinro.checks.rule import Rule, rule
from shinro.definitions.emptying import emptied
from shinro.definitions.expression import Call, Name
from shinro.definitions.losses import settled
from shinro.definitions.meaning import meaning_of
from shinro.definitions.periodic import own_period
from shinro.definitions.project import ref
from shinro.definitions.unfolding import Unfolding, unfold, unfolded
from shinro.periods import Grain, Period
from shinro.problems import Problem, Severity, problem
from shinro.series import Better, Meaning, Nature

HUGE = Fraction(10**6)  # times where it stands: what a driver without a bound may come to
RECENT, HALF_YEAR = 3, 6  # months that a level is taken from; that a rate of what follows is
AFTER = 36  # months past the day that an earlier promise is looked for
HALVINGS = 16
WORDS = "≤≥"  # before the name of what follows from the drivers and has a bound of its own
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Range:
    """Between what a driver may be; `bound` where `planning` says so."""

    low: Fraction
    high: Fraction
    bound: bool
    share: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A promise and the equations below it; the months up to its day; between what each driver may be."""

    promise: Promise
    unfolding: Unfolding
    months: int
    past: Mapping[str, Sequence[Fraction]]
    ranges: Mapping[str, Range]

    @property
    def side(self) -> int:
        """+1 where more is better."""
        return -1 if self.promise.falls else 1

    def values(self, levels: Mapping[str, Fraction], months: int) -> Sequence[Fraction | None]:
        """What the promise reads in each month with every driver at its level from now on."""
        steady = {name: [level] * months for name, level in levels.items()}
        return unfold(self.unfolding, steady, self.past, months)[self.promise.metric]

    def value(self, levels: Mapping[str, Fraction]) -> Fraction | None:
        """What it reads on its day."""
        return self.values(levels, self.months)[-1]

    def gap(self, levels: Mapping[str, Fraction]) -> Fraction | None:
        """How far beyond the promised level that is; less than 0: short of it."""
        return self.beyond(self.value(levels))

    def beyond(self, value: Fraction | None) -> Fraction | None:
        """How far a value is beyond the promised level."""
        return None if value is None else self.side * (value - self.promise.monthly)


@rule("M409", Severity.WARNING)
def within_the_bounds(facts: Facts) -> Iterator[Problem]:
    """Even with every driver at its bound at once, a milestone is missed: by how much, and what alone would do.

    A driver without a bound has none but its nature's: a rule that is sure, not one that guesses.
    """
    planning = facts.project.planning
    if planning is None or not planning.bounds:
        return
    for promise in promises(facts.project):
        if not promise.since_start and (promise.rises or promise.falls):
            case = _case(facts, promise)
            if case and any(each.bound for each in case.ranges.values()):
                yield from _judged(facts, case)


def _case(facts: Facts, promise: Promise) -> Case | None:
    """None where too little is known to start from, the day has passed, or an equation is none of months."""
    bounds = facts.project.planning.bounds if facts.project.planning else {}
    direct = frozenset(map(str, bounds))
    found = unfolded(facts.project, facts.meanings, [promise.metric], Grain.MONTH, direct)
    if any(own_period(facts.project, name) not in (None, Grain.MONTH) for name in found.metrics):
        return None
    past = {name: _values(facts, name) for name in found.remembered}
    rates = {bridge.rate: _followed(facts, bridge.lag, str(bridge.influence.from_), str(bridge.influence.to))
             for bridge in found.bridges}  # fmt: skip
    months = _months(facts, promise.day) if found.remembered else 1
    if months < 1 or not all(past.values()) or None in rates.values():
        return None
    known = replace(found, equations=settled(found.equations, past, RECENT))
    capped = _capped(facts, emptied(known, facts.meanings, past))
    ranges = {name: _range(facts, name) for name in found.leaves if name not in rates}
    ranges |= {name: Range(rate, rate, bound=False, share=False) for name, rate in rates.items() if rate is not None}
    ranges |= {name: Range(end, end, bound=True, share=False) for name, end in capped.ends.items()}
    return Case(promise, capped.unfolding, months, past, ranges)


@dataclass(frozen=True, slots=True)
class Capped:
    """Equations in which what follows from the drivers is never counted on beyond its own bounds, and those by name."""

    unfolding: Unfolding
    ends: Mapping[str, Fraction]


def _capped(facts: Facts, found: Unfolding) -> Capped:
    """Bounds of what is no driver: a capacity. Nothing within them reaches more than is counted on."""
    equations, ends = dict(found.equations), dict[str, Fraction]()
    for metric, bound in (facts.project.planning.bounds if facts.project.planning else {}).items():
        for word, pick, amount in (("≥", "greatest", bound.at_least), ("≤", "least", bound.at_most)):
            if amount and str(metric) in equations:
                name = f"{word}{metric}"
                equations[str(metric)] = Call(pick, (equations[str(metric)], Name(name)))
                ends[name] = monthly(amount.level.number.value, amount.level.per)
    return Capped(replace(found, equations=equations, leaves=(*found.leaves, *ends)), ends)


def _values(facts: Facts, metric: str) -> list[Fraction]:
    series = (facts.series or {}).get((metric, Grain.MONTH))
    return [point.value for point in series.complete if point.value is not None] if series else []


def _followed(facts: Facts, lag: int, from_: str, to: str) -> Fraction | None:
    """How many followed one, so many months later, over half a year."""
    of, later = ((facts.series or {}).get((metric, Grain.MONTH)) for metric in (from_, to))
    if of is None or later is None:
        return None
    known = {point.period: point.value for point in of.complete}
    calendar = facts.project.calendar
    pairs = [(known.get(calendar.step(point.period, Grain.MONTH, -lag)), point.value) for point in later.complete]
    both = [(first, then) for first, then in pairs if first is not None and then is not None][-HALF_YEAR:]
    whole = sum((first for first, _ in both), Fraction(0))
    return sum((then for _, then in both), Fraction(0)) / whole if whole else None


def _months(facts: Facts, day: date | None) -> int:
    """Months after the last one that is measured, up to the last that is over on a day."""
    last = _last(facts)
    if last is None or day is None:
        return 0
    after = day + DAY
    return (after.year - last.end.year) * 12 + after.month - last.end.month


def _last(facts: Facts) -> Period | None:
    every = [series.complete[-1].period for (_, grain), series in (facts.series or {}).items()
             if grain is Grain.MONTH and series.complete]  # fmt: skip
    return max(every, default=None)


def _range(facts: Facts, metric: str) -> Range:
    bound = facts.project.planning.bounds.get(ref(metric)) if facts.project.planning else None
    low, high = (bound.at_least, bound.at_most) if bound else (None, None)
    recent = _values(facts, metric)[-RECENT:]
    now = max([abs(value) for value in recent], default=Fraction(1)) or Fraction(1)
    share, meaning = _is_share(facts, metric), meaning_of(metric, facts.meanings)
    most = Fraction(1) if share else now * HUGE
    never_less = share or meaning.currency or any(base.startswith("count:") for base, _ in meaning.unit.powers)
    return Range(
        monthly(low.level.number.value, low.level.per) if low else Fraction(0) if never_less else -most,
        monthly(high.level.number.value, high.level.per) if high else most,
        bound is not None,
        share,
    )


def _is_share(facts: Facts, metric: str) -> bool:
    meaning, part = meaning_of(metric, facts.meanings), metric.partition(".")[2]
    return meaning.percent and meaning.nature is not Nature.STOCK and (not part or part in SHARES)


def _judged(facts: Facts, case: Case) -> Iterator[Problem]:
    levels = {name: _hoped(each, meaning_of(name, facts.meanings)) for name, each in case.ranges.items()}
    gap = case.gap(levels)
    if gap is None or gap >= 0:
        return
    levels = _best(case, levels)
    gap = case.gap(levels)
    if gap is not None and gap < 0:
        yield _told(facts, case, levels)


def _hoped(each: Range, meaning: Meaning) -> Fraction:
    return each.low if meaning.better is Better.LOWER else each.high


def _best(case: Case, levels: dict[str, Fraction]) -> dict[str, Fraction]:
    """The end of each driver's range at which the promise is nearest, one driver after another, twice."""
    for _ in range(2):
        for name, each in case.ranges.items():
            tried = [{**levels, name: end} for end in (each.low, each.high)]
            known = [(gap, n) for n, one in enumerate([levels, *tried]) if (gap := case.gap(one)) is not None]
            levels = [levels, *tried][max(known, key=lambda found: found[0])[1]] if known else levels
    return levels


def _told(facts: Facts, case: Case, levels: Mapping[str, Fraction]) -> Problem:
    meaning = meaning_of(case.promise.metric, facts.meanings)
    alone = [
        replace(shown(needed, meaning_of(name.lstrip(WORDS), facts.meanings)), of=name.lstrip(WORDS))
        for name, each in case.ranges.items()
        if each.bound and (needed := _needed(facts, case, levels, name)) is not None
    ]
    when = _when(facts, case, levels)
    kind = "both" if alone and when else "bound" if alone else "day" if when else "none"
    return problem(
        "M409",
        case.promise.place,
        case=kind,
        text=case.promise.text,
        milestone=case.promise.milestone,
        best=shown(case.value(levels) or Fraction(0), meaning),
        alone=tuple(alone),
        when=when,
    )


def _needed(facts: Facts, case: Case, levels: Mapping[str, Fraction], name: str) -> Fraction | None:
    """How far one bound would have to be moved while the others stay, in whole things; None where no level would do."""
    near, each = levels[name], case.ranges[name]
    far = _far(case, levels, name, each)
    if far is None:
        return None
    whole = is_whole(meaning_of(name.lstrip(WORDS), facts.meanings))
    if whole:
        far = Fraction(ceil(far) if far > near else floor(far))
    for _ in range(HALVINGS):
        middle = ((near + far) / 2).limit_denominator(10**6)
        middle = Fraction(round(middle)) if whole else middle
        gap = case.gap({**levels, name: middle})
        near, far = (near, middle) if gap is not None and gap >= 0 else (middle, far)
    return far


def is_whole(meaning: Meaning) -> bool:
    """Whether it counts whole things: people, calls, companies."""
    return never_negative(meaning) and meaning.nature in (Nature.FLOW, Nature.STOCK)


def _far(case: Case, levels: Mapping[str, Fraction], name: str, each: Range) -> Fraction | None:
    """A level beyond the bound at which the promise is met."""
    at = levels[name]
    if at < 0:  # a score, a net amount: above it lies 0, and what is as far on the other side
        ends = [at + abs(at) * 2**n if at == each.high else at * 2 ** (n + 1) for n in range(8)]
    elif at == each.high:
        ends = [min(at * 2**n, Fraction(1)) if each.share else at * 2**n for n in range(1, 8)]
    else:
        ends = [at / 2**n for n in range(1, 4)] + [Fraction(0)]
    gaps = ((end, case.gap({**levels, name: end})) for end in ends)
    return next((end for end, gap in gaps if gap is not None and gap >= 0), None)


def _when(facts: Facts, case: Case, levels: Mapping[str, Fraction]) -> str:
    """The first month in which the bounds allow it; nothing where none of three years does."""
    last = _last(facts)
    if not case.unfolding.remembered or last is None:
        return ""
    period = last
    for month, value in enumerate(case.values(levels, case.months + AFTER), start=1):
        period = facts.project.calendar.step(period, Grain.MONTH)
        gap = case.beyond(value)
        if month > case.months and gap is not None and gap >= 0:
            return f"{period.start:%Y-%m}"
    return ""


RULES: tuple[Rule, ...] = (within_the_bounds,)
