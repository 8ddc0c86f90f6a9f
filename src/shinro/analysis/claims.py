"""Claims: what can be said of the published paths, each over the declared period, ranked by strength.

A claim runs from the first to the last final published period of one span, the same for every metric: never the best
window. Counts and money are told in times, rates in points, nothing as a multiple of nothing. Only an improvement by
the metric's own direction is one, and only where it stands out from the path's own noise (docs/traction.md).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from fractions import Fraction
from itertools import pairwise

from shinro.analysis.compare import TOWARDS, small_interval
from shinro.analysis.promises import REACHED, UNMET
from shinro.analysis.tracks import is_another, within
from shinro.definitions.phrases import condition
from shinro.findings.claims import Claim, Kept, Pledge, Promise, Shape, Step, Track
from shinro.periods import Duration, Period
from shinro.series import Better, Nature, Point
from shinro.units import days, months, points, times

LEAST = 3  # final periods without which nothing is claimed
YEAR = 12  # months: a longer path is no stronger
DEFAULT = Duration(YEAR, "month")  # the period of a story that declares none
FEW = 3  # of what is counted: a multiple of less says nothing
ERRORS = 4  # squared standard errors (2 squared) that a rate must have moved by
SCALES = (days(), months(), points(), times())  # units in which a multiple says nothing
PARTS = {"promise": Fraction(2, 5), "role": Fraction(1, 5), "clarity": Fraction(3, 10), "length": Fraction(1, 10)}
HALF = Fraction(1, 2)
KEPT = {
    Kept.ON_TIME: Fraction(1),
    Kept.EARLY: Fraction(1),
    Kept.LATE: HALF,
    Kept.HOLDING: HALF,
    Kept.MOVED: Fraction(1, 4),
}
NONE = Fraction(0)


class Role(Enum):
    """What a metric is in the story that is told."""

    TOP = "top"  # the headline, the North Star
    BESIDE = "beside"  # a support, the guardrail, an outcome, in focus
    OTHER = "other"


WEIGHT = {Role.TOP: Fraction(1), Role.BESIDE: HALF, Role.OTHER: NONE}


@dataclass(frozen=True, slots=True)
class Move:
    """How a path moved between two of its periods."""

    first: Step
    last: Step
    before: Fraction
    after: Fraction
    noise: Fraction

    @property
    def change(self) -> Fraction:
        """How far."""
        return self.after - self.before

    @property
    def is_of_one_thing(self) -> bool:
        """Whether both ends were measured by one definition."""
        return not is_another(self.first.definition, self.last.definition)

    @property
    def clarity(self) -> Fraction:
        """0 to 1: how far the change stands out; 1/2 where it is as large as the noise, 1 where there is none."""
        return abs(self.change) / (abs(self.change) + self.noise) if self.change else NONE


def span_of(paths: Iterable[Track], length: Duration | None) -> Period | None:
    """The declared period: up to the last final period of any path, and from so long before it; None without any.

    Its first period is the one that the last is compared with: of twelve months, the same month a year before.
    """
    finals = [path.final[-1].period for path in paths if path.final]
    if not finals:
        return None
    last = max(finals, key=lambda period: period.end)
    return Period((length or DEFAULT).before(last.start), last.end)


def claims(
    paths: Sequence[Track], roles: Mapping[str, Role], promises: Sequence[Promise], span: Period
) -> tuple[Claim, ...]:
    """What can be claimed, strongest first. Law: the order that entries or promises come in changes nothing.

    Cost: linear in the periods.
    """
    every = {path.metric: path for path in paths}
    found: list[Claim] = []
    for path in paths:
        moved = movement(within(path, span))
        if moved and moved.is_of_one_thing and improved(path, moved) and stands_out(path, moved):
            found.append(claim_of(within(path, span), moved, roles, promises))
    order = {path.metric: n for n, path in enumerate(paths)}
    together = _beside(found, every, roles, promises, span)
    return tuple(sorted(together, key=lambda each: (-each.strength, order[each.track.metric])))


def movement(path: Track, least: int = LEAST) -> Move | None:
    """From the first to the last final period that has a value; None where there are too few of them."""
    steps = path.complete
    if len(steps) < max(least, 2) or months_between(steps[0].period, steps[-1].period) < 1:
        return None
    values = [step.value for step in steps if step.value is not None]
    return Move(steps[0], steps[-1], values[0], values[-1], noise_of(values))


def noise_of(values: Sequence[Fraction]) -> Fraction:
    """How far the steps of a path stray from their mean: the mean absolute deviation; a straight line has none."""
    steps = [after - before for before, after in pairwise(values)]
    mean = sum(steps, NONE) / len(steps)
    return sum((abs(step - mean) for step in steps), NONE) / len(steps)


def improved(path: Track, moved: Move) -> bool:
    """Whether a path moved in the direction that is good; one without a direction never did."""
    if path.meaning.better is Better.NONE:
        return False
    return moved.change > 0 if path.meaning.better is Better.HIGHER else moved.change < 0


def worsened(path: Track, moved: Move) -> bool:
    """Whether it moved in the direction that is not."""
    return path.meaning.better is not Better.NONE and moved.change != 0 and not improved(path, moved)


def stands_out(path: Track, moved: Move) -> bool:
    """Whether a change is larger than the path's noise, and of a share than two standard errors of its two ends."""
    if abs(moved.change) <= moved.noise:
        return False
    parts = (moved.first.over, moved.first.base, moved.last.over, moved.last.base)
    if not path.meaning.percent or any(part is None for part in parts):
        return True
    variance = sum((_variance(step) for step in (moved.first, moved.last)), NONE)
    return moved.change**2 > ERRORS * variance


def _variance(step: Step) -> Fraction:
    """Of a share of whole things; what is no share of a count (a rate of money, of means) has none that is known."""
    over, base = step.over or NONE, step.base or NONE
    if over.denominator != 1 or base.denominator != 1 or not 0 <= over <= base or not base:
        return NONE
    return over * (base - over) / base**3


def shape_of(path: Track, before: Fraction, after: Fraction) -> Shape:
    """What kind of sentence a change is told in."""
    meaning = path.meaning
    if meaning.percent:
        return Shape.POINTS
    plain = meaning.nature is Nature.RATIO and meaning.currency is None
    if plain or meaning.unit in SCALES or before < 0 or after < 0 or meaning.better is Better.LOWER:
        return Shape.SCORE
    few = meaning.currency is None and before < FEW
    return Shape.FROM_ZERO if few or not before else Shape.TIMES


def months_between(first: Period, last: Period) -> int:
    """Whole months from the start of a period to that of another, to the nearest."""
    return round(Fraction((last.start - first.start).days * 12, 365))


def written(
    path: Track, span: Period, text: str, roles: Mapping[str, Role], promises: Sequence[Promise]
) -> Claim | None:
    """What the record says of a sentence that the company wrote, over its own days, whichever way it went.

    None where the record does not hold two final periods a month apart there.
    """
    inside = within(path, span)
    moved = movement(inside, 2)
    return replace(claim_of(inside, moved, roles, promises), written=text) if moved else None


def claim_of(path: Track, moved: Move, roles: Mapping[str, Role], promises: Sequence[Promise]) -> Claim:
    """A move as a claim, whether it is an improvement or not."""
    pledge = pledge_of(path, promises)
    length = months_between(moved.first.period, moved.last.period)
    shape = shape_of(path, moved.before, moved.after)
    last = moved.last
    point = Point(last.period, last.value, last.mark, last.over, last.base)
    return Claim(
        shape=shape,
        track=path,
        first=moved.first,
        last=last,
        months=length,
        change=moved.change,
        factor=moved.after / moved.before if shape is Shape.TIMES else None,
        pledge=pledge,
        strength=strength(pledge.kept, roles.get(path.metric, Role.OTHER), moved.clarity, length),
        interval=small_interval(point, path.meaning),
    )


def strength(kept: Kept, role: Role, clarity: Fraction, length: int) -> Fraction:
    """0 to 1: 2/5 for a promise kept, 3/10 for how far it stands out, 1/5 for its place in the story, 1/10 for length.

    Law: it is between 0 and 1; a promise kept on time outranks one kept late, all else the same.
    """
    parts = {
        "promise": KEPT.get(kept, NONE),
        "role": WEIGHT[role],
        "clarity": clarity,
        "length": Fraction(min(length, YEAR), YEAR),
    }
    return sum((PARTS[name] * part for name, part in parts.items()), NONE)


def pledge_of(path: Track, promises: Iterable[Promise]) -> Pledge:
    """What was promised of a metric, in its good direction: the last level whose day has come, else the next one.

    Without any it is unplanned. Law: a level that was missed is never passed over for an older one that was kept.
    """
    found = [
        each
        for promise in promises
        for each in (*promise.conditions, *promise.dropped)
        if each.metric == path.metric and TOWARDS[condition(each.text).op] is path.meaning.better
    ]
    past = [each for each in found if each.kept not in (Kept.AHEAD_OF_US, Kept.WAITING, Kept.HOLDING)]
    if past:
        return max(past, key=lambda each: (each.due or date.max, each.kept in UNMET, *_by_day(each)))
    return min(found, key=_by_day) if found else Pledge(Kept.UNPLANNED)


def _by_day(pledge: Pledge) -> tuple[date, str, str]:
    return pledge.due or date.max, pledge.title or "", pledge.text


def _beside(
    found: Sequence[Claim],
    every: Mapping[str, Track],
    roles: Mapping[str, Role],
    promises: Sequence[Promise],
    span: Period,
) -> list[Claim]:
    """Claims with what they must not stand without: net retention with gross, lifetime value with what it rests on."""
    told = {claim.track.metric: claim for claim in found}
    joined = {metric: companion for metric in told if (companion := companion_of(metric, told, every))}
    kept: list[Claim] = []
    for metric, claim in told.items():
        if metric in joined.values() and metric not in joined:
            continue
        beside = joined.get(metric)
        moved = movement(within(every[beside], span)) if beside else None
        other = [claim_of(within(every[beside], span), moved, roles, promises)] if beside and moved else []
        kept.append(replace(claim, beside=tuple(other)))
    return kept


def companion_of(metric: str, told: Collection[str], every: Collection[str]) -> str | None:
    """`x.nrr` stands with `x.grr`, whichever way that went; a churn that fell with the lifetime value that rose."""
    name, _, part = metric.partition(".")
    if part == "nrr":
        gross = f"{name}.grr"
        return gross if gross in every else None
    if part in ("churn_rate", "mrr_churn_rate") or "churn" in metric.lower():
        return next((each for each in told if each != metric and "ltv" in each.lower().split("_")), None)
    return None


def promised(claim: Claim) -> bool:
    """Whether a claim fulfils what was promised."""
    return claim.pledge.kept in REACHED
