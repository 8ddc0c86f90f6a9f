"""Agreement: what the levels of one milestone imply of each other by the tree's identities, by interval arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from shinro.checks.facts import Facts
from shinro.checks.levels import shown
from shinro.checks.promises import Promise, name_of, of_a, promised
from shinro.checks.rule import Rule, rule
from shinro.checks.shares import is_subset
from shinro.definitions.expression import Binary, Name, Node, Number, walk
from shinro.definitions.intervals import ANYTHING, INFINITE, Interval, remaining, span
from shinro.definitions.meaning import meaning_of
from shinro.definitions.metric import Metric
from shinro.definitions.periodic import own_period
from shinro.definitions.printing import text
from shinro.definitions.project import Project, ref
from shinro.definitions.tree import drivers, is_previous
from shinro.periods import DAYS_OF, Grain
from shinro.problems import Problem, Severity, problem
from shinro.series import Meaning, Nature
from shinro.units import Amount

SHARE = Interval(Fraction(0), Fraction(1))
COUNT = Interval(Fraction(0))
SHARES = ("churn_rate", "mrr_churn_rate", "grr", "trial_to_paid")  # of what was there before; nrr may pass 100 %


@dataclass(frozen=True, slots=True)
class Equation:
    """A metric and the formula that it equals in every period."""

    metric: str
    node: Node

    @property
    def members(self) -> tuple[str, ...]:
        """The metric, then its drivers."""
        return (self.metric, *drivers(self.node))


@dataclass(frozen=True, slots=True)
class Implied:
    """What some promises imply of a metric, beside what it may be."""

    equation: Equation
    givens: tuple[Promise, ...]
    metric: str
    levels: Interval
    allowed: Interval
    case: str  # implied, short, outside
    severity: Severity
    per: Grain | None  # the period that the levels are of, where another's would be others


@rule("M404", None)
def levels_agree(facts: Facts) -> Iterator[Problem]:
    """What the levels of one milestone imply is shown; where that cannot be, it is an error."""
    every = equations(facts.project)
    for milestone in facts.project.milestones:
        known = {promise.metric: promise for promise in promised(milestone) if _is_of_one_period(facts, promise)}
        said: set[str] = set()
        for equation in every:
            found = _implied(facts, equation, known)
            if found and found.metric not in said:
                said.add(found.metric)
                yield _told(facts, found, name_of(milestone))


def equations(project: Project) -> list[Equation]:
    """What holds within one period: the tree's identities, each ratio and formula, and what every MRR comes with."""
    written = [Equation(str(metric), formula.node) for metric, formula in project.tree.items()]
    own = [equation for name, metric in project.metrics.items() for equation in _own(str(name), metric)]
    return [equation for equation in (*written, *own) if not any(map(is_previous, walk(equation.node)))]


def _own(name: str, metric: Metric) -> Iterator[Equation]:
    formula = metric.ratio or metric.derived
    if formula:
        yield Equation(name, formula.node)
    if metric.recurring:
        mrr = Name(name, "mrr")
        yield Equation(f"{name}.arpa", Binary("/", mrr, Name(name, "companies")))
        yield Equation(f"{name}.arr", Binary("*", mrr, Number(Fraction(12))))


def _is_of_one_period(facts: Facts, promise: Promise) -> bool:
    """Whether it can stand in an equation of one period: a flow has to say per what."""
    flows = meaning_of(promise.metric, facts.meanings).nature is Nature.FLOW
    return not promise.since_start and flows is (promise.grain is not None)


def _implied(facts: Facts, equation: Equation, known: Mapping[str, Promise]) -> Implied | None:
    given = [known[name] for name in equation.members if name in known]
    givens = tuple(sorted(given, key=lambda promise: promise.place))
    missing = [name for name in equation.members if name not in known]
    if len(givens) < 2:  # noqa: PLR2004 - one level alone implies nothing
        return None
    if len(missing) == 1:
        found = _left_over(facts, equation, givens, missing[0])
    else:
        found = None if missing else _falling_short(facts.project, equation, givens)
    return found if found and found.case == "outside" else _out_of_reach(facts, equation, givens) or found


def _grain(project: Project, equation: Equation) -> Grain:
    """The period that an equation is of: what a formula in it, or a rate that is typed in, says; else a month."""
    said = [each for name in equation.members if (each := own_period(project, name))]
    return max(said, key=lambda each: DAYS_OF[each.value], default=Grain.MONTH)


def _left_over(facts: Facts, equation: Equation, givens: tuple[Promise, ...], metric: str) -> Implied | None:
    """The level of the one metric that is left, while all others stand at theirs."""
    grain = _grain(facts.project, equation)
    level = _level(equation, givens, metric, grain)
    if level is None:
        return None
    per = grain if _level(equation, givens, metric, Grain.DAY) != level else _unusual(grain)
    sure, likely = _limits(facts, metric, grain)
    severity = Severity.ERROR if level not in sure else Severity.INFO if level in likely else Severity.WARNING
    case = "implied" if severity is Severity.INFO else "outside"
    return Implied(equation, givens, metric, Interval(level, level), likely, case, severity, per)


def _level(equation: Equation, givens: tuple[Promise, ...], metric: str, grain: Grain) -> Fraction | None:
    balance = Binary("-", equation.node, _name(equation.metric))
    return remaining(balance, metric, Fraction(0), {given.metric: given.by(grain) for given in givens})


def _falling_short(project: Project, equation: Equation, givens: tuple[Promise, ...]) -> Implied | None:
    """The whole, where its drivers at their levels bring less than is promised of it."""
    grain = _grain(project, equation)
    level = span(equation.node, {given.metric: Interval(given.by(grain), given.by(grain)) for given in givens})
    whole = next(given for given in givens if given.metric == equation.metric)
    if not (level & _half_line(whole, grain)).is_empty:
        return None
    return Implied(
        equation, givens, whole.metric, level, _half_line(whole, grain), "short", Severity.INFO, _unusual(grain)
    )


def _out_of_reach(facts: Facts, equation: Equation, givens: tuple[Promise, ...]) -> Implied | None:
    """The whole, where nothing that its drivers may be brings it to what is promised of it."""
    grain = _grain(facts.project, equation)
    allowed = {given.metric: _half_line(given, grain) for given in givens}
    if equation.metric not in allowed:
        return None
    drivers_allowed = {name: allowed.get(name, ANYTHING) & _limits(facts, name, grain)[0] for name in equation.members}
    levels, whole = span(equation.node, drivers_allowed), allowed[equation.metric]
    if not (levels & whole).is_empty:
        return None
    return Implied(equation, givens, equation.metric, levels, whole, "outside", Severity.ERROR, _unusual(grain))


def _unusual(grain: Grain) -> Grain | None:
    """A period that has to be said: a level is a month's unless it says otherwise."""
    return None if grain is Grain.MONTH else grain


def _half_line(promise: Promise, grain: Grain) -> Interval:
    """What a condition leaves, per a period."""
    level = promise.by(grain)
    return Interval(-INFINITE if promise.falls else level, INFINITE if promise.rises else level)


def _limits(facts: Facts, metric: str, grain: Grain) -> tuple[Interval, Interval]:
    """What a metric can surely not leave, and what it should not: shares of rows dated otherwise can pass 100 %."""
    bounds, meaning = _bounds(facts.project, metric, grain), meaning_of(metric, facts.meanings)
    part = metric.partition(".")[2]
    if meaning.percent and meaning.nature is not Nature.STOCK and (not part or part in SHARES):
        return bounds & (SHARE if _is_sure(facts.project, meaning) else COUNT), bounds & SHARE
    found = facts.project.metric(metric)
    counted = any(base.startswith("count:") for base, _ in meaning.unit.powers) and not (found and found.derived)
    natural = bounds & (COUNT if counted else ANYTHING)
    return natural, natural


def _is_sure(project: Project, meaning: Meaning) -> bool:
    """Whether a share is one by construction: of a cohort, of what was there before, of the rows of its denominator."""
    found = project.metric(meaning.metric)
    return (
        meaning.nature is Nature.WINDOWED or "." in meaning.metric or (found is not None and is_subset(project, found))
    )


def _bounds(project: Project, metric: str, grain: Grain) -> Interval:
    bound = project.planning.bounds.get(ref(metric)) if project.planning else None
    if bound is None:
        return ANYTHING
    low, high = bound.at_least, bound.at_most
    return Interval(
        of_a(grain, low.level.number.value, low.level.per) if low else -INFINITE,
        of_a(grain, high.level.number.value, high.level.per) if high else INFINITE,
    )


def _name(metric: str) -> Name:
    found = ref(metric)
    return Name(found.name, found.part)


def _told(facts: Facts, found: Implied, milestone: str) -> Problem:
    meaning = meaning_of(found.metric, facts.meanings)
    return problem(
        "M404",
        found.givens[-1].place,
        found.severity,
        case=found.case,
        milestone=milestone,
        metric=found.metric,
        level=_range(found.levels, meaning, found.per),
        allowed=_range(found.allowed, meaning, found.per),
        given=", ".join(given.text for given in found.givens),
        formula=f"{found.equation.metric} = {text(found.equation.node)}",
    )


def _range(interval: Interval, meaning: Meaning, per: Grain | None) -> Amount:
    ends = (interval.low, interval.high)
    low, high = (_shown(end, meaning, per) if isinstance(end, Fraction) else None for end in ends)
    if low and high:
        return low if interval.low == interval.high else replace(low, number=f"{low.number} … {high.number}")
    if low:
        return replace(low, number=f"≥ {low.number}")
    return replace(high, number=f"≤ {high.number}") if high else Amount("…")


def _shown(value: Fraction, meaning: Meaning, per: Grain | None) -> Amount:
    """A level, and of what period it is where another's would be another: a rate of a flow and a stock, too."""
    level = shown(value, meaning, per or Grain.MONTH)
    return replace(level, per=per.value) if per and meaning.nature is not Nature.STOCK else level


RULES: tuple[Rule, ...] = (levels_agree,)
