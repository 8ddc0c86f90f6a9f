"""What if: changes of drivers passed through the tree: the star and the milestones before and after, exactly.

Before: every driver stays where it is (its last three complete months). Law: a change of nothing changes nothing; two
changes of different drivers together are what the tree makes of both; a change of what follows from others is added
on top of what follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from shinro.analysis.backplan_chance import chances_of, noise
from shinro.analysis.batch import batch
from shinro.analysis.footing import Footing, better_of
from shinro.analysis.planned import Values, planned_condition
from shinro.analysis.rooms import Room
from shinro.analysis.whatif_losses import is_lost, with_loss
from shinro.definitions.expression import Binary, Name, Node
from shinro.definitions.phrases import Change
from shinro.definitions.supposing import Supposed
from shinro.definitions.unfolding import DAYS, Unfolding, in_periods, unfold
from shinro.findings.plans import Move, Outcome, Sensitivity, WhatIf
from shinro.periods import Grain
from shinro.series import Meaning, Nature

TENTH = Fraction(1, 10)
TIMES, PLUS = "×", "+"  # before the name of what a metric that follows from others is changed by


def what_if(footing: Footing, moves: Sequence[Supposed], meanings: Mapping[str, Meaning], star: str | None) -> WhatIf:
    """What changes would do. Cost: two exact evaluations, and one a driver."""
    levels = footing.steady(footing.horizon)
    before = unfold(footing.unfolding, levels, footing.past, footing.horizon)
    changed = footing.unfolding
    moved_levels: dict[str, Sequence[Fraction]] = dict(levels)
    for move in moves:
        changed, moved_levels = _applied(footing, changed, moved_levels, move, meanings)
    after = unfold(changed, moved_levels, footing.past, footing.horizon)
    known = star if star in before else None
    return WhatIf(
        footing.as_of,
        footing.grain,
        footing.base,
        tuple(_move(footing, move, before, after, meanings) for move in moves),
        known,
        tuple(_outcomes(footing, meanings, known, before, after)),
        tuple(planned_condition(footing, aim, before, after) for aim in footing.aims),
        sensitivities(footing, known, before),
        chances_of(
            footing,
            (batch(footing.unfolding, footing.past), levels),
            (batch(changed, footing.past), moved_levels),
            noise(footing, footing.horizon),
        ),
        assumptions=footing.assumptions,
        unread=footing.unread,
    )


def first_of(footing: Footing, move: Supposed) -> int:
    """The number of the period that a change begins in: the one that its day lies in, the first where it has passed."""
    if move.first is None:
        return 0
    later = [n for n, period in enumerate(footing.periods) if move.first < period.end]
    return later[0] if later else len(footing.periods)


def _applied(
    footing: Footing,
    unfolding: Unfolding,
    levels: Mapping[str, Sequence[Fraction]],
    move: Supposed,
    meanings: Mapping[str, Meaning],
) -> tuple[Unfolding, dict[str, Sequence[Fraction]]]:
    """The equations and levels with one change made."""
    shares = _shares(footing, move)
    if move.metric in levels:
        room = next((room for room in footing.rooms if room.metric == move.metric), None)
        path = [
            _changed(level, move, share, meanings, footing.grain)
            for level, share in zip(levels[move.metric], shares, strict=True)
        ]
        return unfolding, {**levels, move.metric: [_inside(level, room) for level in path]}
    if move.metric not in unfolding.equations:
        return unfolding, dict(levels)
    lost = with_loss(
        footing,
        unfolding,
        levels,
        move.metric,
        lambda level, n: _changed(level, move, shares[n], meanings, footing.grain),
    )
    if lost:
        return lost
    if isinstance(move.change, Change):
        return _on_top(unfolding, levels, move, shares, meanings, footing.grain)
    return _to_level(footing, unfolding, levels, move, shares, meanings)


def _to_level(
    footing: Footing,
    unfolding: Unfolding,
    levels: Mapping[str, Sequence[Fraction]],
    move: Supposed,
    shares: list[Fraction],
    meanings: Mapping[str, Meaning],
) -> tuple[Unfolding, dict[str, Sequence[Fraction]]]:
    """What follows from others brought to a level: by a factor on what it is, so that its noise stays.

    What is nothing, or carries its own earlier value on, is set to the level.
    """
    before = unfold(unfolding, levels, footing.past, footing.horizon)[move.metric]
    level, carries = _level(move, meanings, footing.grain), _carries(unfolding.equations[move.metric])
    factors, amounts = [], []
    for share, value in zip(shares, before, strict=True):
        is_set = carries or not value
        factors.append(1 - share if is_set or not value else 1 + share * (level / value - 1))
        amounts.append(level * share if is_set else Fraction(0))
    return _with_both(unfolding, levels, move.metric, factors, amounts)


def _on_top(
    unfolding: Unfolding,
    levels: Mapping[str, Sequence[Fraction]],
    move: Supposed,
    shares: list[Fraction],
    meanings: Mapping[str, Meaning],
    grain: Grain,
) -> tuple[Unfolding, dict[str, Sequence[Fraction]]]:
    """A change of what follows from others: a factor, and an amount, behind its formula.

    What carries its own earlier value on (a stock) is changed once, and keeps the change.
    """
    node = unfolding.equations[move.metric]
    if move.metric in unfolding.remembered and _carries(node):
        shares = [share if n == 0 or not shares[n - 1] else Fraction(0) for n, share in enumerate(shares)]
    factors = [
        _changed(Fraction(1), move, share, meanings, grain) if _scales(move) else Fraction(1) for share in shares
    ]
    amounts = [
        _changed(Fraction(0), move, share, meanings, grain) if not _scales(move) else Fraction(0) for share in shares
    ]
    return _with_both(unfolding, levels, move.metric, factors, amounts)


def _with_both(
    unfolding: Unfolding,
    levels: Mapping[str, Sequence[Fraction]],
    metric: str,
    factors: Sequence[Fraction],
    amounts: Sequence[Fraction],
) -> tuple[Unfolding, dict[str, Sequence[Fraction]]]:
    """The equations and levels with a factor and an amount behind a formula."""
    times, plus = f"{TIMES}{metric}", f"{PLUS}{metric}"
    node = unfolding.equations[metric]
    changed: Node = Binary("+", Binary("*", node, Name(times)), Name(plus))
    equations = {**unfolding.equations, metric: changed}
    leaves = (*unfolding.leaves, times, plus)
    return replace(unfolding, equations=equations, leaves=leaves), {**levels, times: factors, plus: amounts}


def _carries(node: Node) -> bool:
    if isinstance(node, Name):
        return node.path == "previous"
    return isinstance(node, Binary) and (_carries(node.left) or _carries(node.right))


def _scales(move: Supposed) -> bool:
    return isinstance(move.change, Change) and move.change.kind in ("relative", "times")


def _shares(footing: Footing, move: Supposed) -> list[Fraction]:
    """How much of a change is made in each period: all at once, or evenly over the time that it is given."""
    first, within = first_of(footing, move), move.change.within if isinstance(move.change, Change) else None
    length = max(in_periods(within.days, footing.grain), 1) if within else 1
    return [min(Fraction(max(n - first + 1, 0), length), Fraction(1)) for n in range(footing.horizon)]


def _changed(
    level: Fraction, move: Supposed, share: Fraction, meanings: Mapping[str, Meaning], grain: Grain
) -> Fraction:
    if not isinstance(move.change, Change):
        return level + (_level(move, meanings, grain) - level) * share
    value = move.change.value.value
    match move.change.kind:
        case "relative":
            return level * (1 + value * share)
        case "times":
            return level * (1 + (value - 1) * share)
        case "points":
            return level + value * share
    return level + _per_period(value, move, meanings, grain) * share


def _level(move: Supposed, meanings: Mapping[str, Meaning], grain: Grain) -> Fraction:
    assert not isinstance(move.change, Change)  # noqa: S101 - only levels come here
    per, found = move.change.per, move.change.number.value
    return found * DAYS[grain] / DAYS[per] if per else _per_period(found, move, meanings, grain)


def _per_period(amount: Fraction, move: Supposed, meanings: Mapping[str, Meaning], grain: Grain) -> Fraction:
    """An amount of a flow that does not say per what means a month."""
    meaning = meanings.get(move.metric)
    flows = meaning is not None and meaning.nature is Nature.FLOW
    return amount * DAYS[grain] / DAYS[Grain.MONTH] if flows and grain is not Grain.MONTH else amount


def _inside(level: Fraction, room: Room | None) -> Fraction:
    """A share within 0 and 1, a count never below 0."""
    if room is None or (level >= 0 and not room.share):
        return level
    if room.share:
        return min(max(level, Fraction(0)), Fraction(1))
    return max(level, Fraction(0)) if room.start >= 0 else level


def _move(footing: Footing, move: Supposed, before: Values, after: Values, meanings: Mapping[str, Meaning]) -> Move:
    last, nothing = footing.horizon - 1, (None,) * footing.horizon
    begins = first_of(footing, move)
    first = footing.periods[min(begins, len(footing.periods) - 1)]
    then, now = (values.get(move.metric, nothing)[last] for values in (before, after))
    passed = move.first is not None and move.first < first.start
    return Move(
        move.text,
        move.metric,
        first,
        then,
        now,
        meanings.get(move.metric),
        passed=passed,
        stopped=_is_stopped(footing, move, then, meanings),
    )


def _is_stopped(footing: Footing, move: Supposed, then: Fraction | None, meanings: Mapping[str, Meaning]) -> bool:
    """Whether a driver, or what is lost at a rate, would leave what its numbers can be."""
    if then is not None and is_lost(footing, move.metric):
        changed = _changed(then, move, Fraction(1), meanings, footing.grain)
        return changed < 0 or (changed > 1 and meanings[move.metric].percent)
    room = next((room for room in footing.rooms if room.metric == move.metric), None)
    if room is None or move.metric not in footing.steady(1):
        return False
    moved = _changed(footing.steady(1)[move.metric][0], move, Fraction(1), meanings, footing.grain)
    return moved != _inside(moved, room)


def _outcomes(
    footing: Footing, meanings: Mapping[str, Meaning], star: str | None, before: Values, after: Values
) -> Iterator[Outcome]:
    if star is not None:
        for n in range(footing.horizon):
            yield Outcome(meanings[star], footing.periods[n], before[star][n], after[star][n])


def sensitivities(footing: Footing, star: str | None, before: Values) -> tuple[Sensitivity, ...]:
    """What the star of the last period gains by each driver a tenth better from now on, the most first.

    Units: the star's. A share is never taken beyond 1. Cost: an exact evaluation a driver.
    """
    if star is None or before[star][-1] is None:
        return ()
    found = [each for room in footing.rooms if (each := _sensitivity(footing, room, star, before))]
    return tuple(sorted(found, key=lambda each: -abs(each.gain)))


def _sensitivity(footing: Footing, room: Room, star: str, before: Values) -> Sensitivity | None:
    step = TENTH * (better_of(room) or 1)
    levels = footing.steady(footing.horizon)
    levels[room.metric] = [_inside(level * (1 + step), room) for level in levels[room.metric]]
    after = unfold(footing.unfolding, levels, footing.past, footing.horizon)[star][-1]
    level = before[star][-1]
    if after is None or level is None or after == level:
        return None
    return Sensitivity(room.metric, room.meaning, step, after - level, (after - level) / abs(level) if level else None)
