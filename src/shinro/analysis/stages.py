"""Stages: the narrowest step of a funnel, by three rules that each are somebody's and often disagree.

The lowest rate is most often the first step, where most who come were never buyers; so is the largest loss. Money
weighs those who are lost by what one is worth who comes so far, so that a late loss can cost more than an early one.

Units: entities; `worth` is money for one who stands at the stage. Cost: linear.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from shinro.findings.stages import Funnel, Narrowest, Rule, Step

BY: Mapping[Rule, Callable[[Step], Fraction | None]] = {
    Rule.RATE: lambda step: step.drop,
    Rule.LOSS: lambda step: step.lost,
    Rule.MONEY: lambda step: step.money,
}


def funnel(stages: Sequence[tuple[str, Fraction]], worth: Mapping[str, Fraction] | None = None) -> Funnel:
    """Steps between stages in order, and the narrowest by each rule. `worth` is by the stage that one stands at."""
    steps = tuple(_step(start, end, worth or {}) for start, end in pairwise(stages))
    first, last = stages[0][1], stages[-1][1]
    return Funnel(steps, last / first if first else None, tuple(Narrowest(rule, _most(rule, steps)) for rule in Rule))


def _step(start: tuple[str, Fraction], end: tuple[str, Fraction], worth: Mapping[str, Fraction]) -> Step:
    (name, came), (after, passed) = start, end
    money = (came - passed) * worth[name] if name in worth else None
    return Step(name, after, came, passed, passed / came if came else None, money)


def _most(rule: Rule, steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps where most is lost; none where nothing is, or where a losing step has no money."""
    lost = [(step, BY[rule](step)) for step in steps if step.lost > 0]
    known = [(step, amount) for step, amount in lost if amount is not None]
    most = max((amount for _, amount in known), default=None)
    return tuple(step for step, amount in known if amount == most) if len(known) == len(lost) else ()
