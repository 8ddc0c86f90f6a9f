"""Gaps: a change, or a distance from a target, split over the tree to the last digit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction

NOTHING = Fraction(0)


class Way(Enum):
    """How a split over more than one period was made. Ends and chain differ: say which one is shown."""

    ENDS = "end to end"  # the two ends alone are compared
    CHAINED = "chained"  # every period is compared with the one before, and those splits are added
    MOVEMENT = "movement"  # what flowed into a stock and out of it, in all periods between two of its levels


class Kind(Enum):
    """What a part is."""

    METRIC = "metric"
    PREVIOUS = "previous"  # a metric as it stood some periods before
    FORMULA = "formula"  # a call that cannot be opened, by its text


class Why(Enum):
    """Why a number, or the split below it, is not there."""

    MISSING = "missing"  # not known in that period
    UNDEFINED = "undefined"  # x/0: not 0
    BELOW = "below"  # it is known itself, something below is not, so it is not opened
    ABOVE = "above"  # it stands below a part that is not opened
    CIRCLE = "circle"  # its formula leads back to it
    HELD = "held"  # undefined on a side where its parent is 0 for another reason: taken as unmoved
    FOLDED = "folded"  # the tree has too many branches to show; the sums by leaf are whole


@dataclass(frozen=True, slots=True)
class Part:
    """One place in the tree: a metric's own numbers, and what its change brings to the root.

    Law: where `children` are opened, contribution = the children's + off_before + off_after, exactly.
    """

    name: str  # a metric, `a` or `a.b`; a formula's text
    kind: Kind
    before: Fraction | None  # in its own unit; of a target's gap, the target
    after: Fraction | None
    contribution: Fraction | None  # in the root's unit; None where it cannot be told
    back: int = 0  # it is read so many periods earlier than the root
    base_back: int | None = None  # of a rate between stages: its denominator is read so many periods earlier
    children: tuple[Part, ...] = ()
    off_before: Fraction = NOTHING  # what its parts give, less what it says itself, in the root's unit
    off_after: Fraction = NOTHING  # what it says itself, less what its parts give
    why: Why | None = None
    over: int = 1  # of a stock's flow: the periods that it is added up over

    @property
    def change(self) -> Fraction | None:
        """How far it moved, in its own unit."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def opened(self) -> bool:
        """Whether its contribution is told by its children."""
        return bool(self.children) and self.why is None


@dataclass(frozen=True, slots=True)
class Leaf:
    """What one driver brings in all the places where it stands. `before` and `after` are None where those differ.

    What a metric was one period before and what it was two before are two drivers, told apart by `back`.
    """

    name: str
    kind: Kind
    contribution: Fraction
    before: Fraction | None = None
    after: Fraction | None = None
    places: int = 1
    why: Why | None = None
    back: int = 0  # of what a metric was before: how many periods

    @property
    def change(self) -> Fraction | None:
        """How far it moved, in its own unit."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class Off:
    """A node whose own number is not what its parts give: a plan that does not add up, or a reported metric.

    Where it is added up `over` more than one period, there are no two numbers to tell.
    """

    name: str
    stated: Fraction | None  # in the node's unit
    computed: Fraction | None
    contribution: Fraction  # in the root's unit
    after: bool  # on which side: False before, or the target; True after, or the actual
    back: int = 0
    over: int = 1


@dataclass(frozen=True, slots=True)
class Missing:
    """What kept a split from going deeper: a number that is not there on one side."""

    name: str
    why: Why
    after: bool
    back: int = 0
    stopped_at: str | None = None  # the nearest known node above; None where not even the root is known


@dataclass(frozen=True, slots=True)
class Decomposition:
    """A change of the root, split.

    Law: root.contribution = the leaves' contributions + those of `off`, exactly, where it is not None.
    """

    root: Part
    leaves: tuple[Leaf, ...]  # each driver once, in the order of the tree
    off: tuple[Off, ...] = ()
    missing: tuple[Missing, ...] = ()
    way: Way = Way.ENDS
    steps: int = 1  # splits that were added

    @property
    def change(self) -> Fraction | None:
        """What is split."""
        return self.root.contribution

    def parts(self) -> Iterator[Part]:
        """Every place in the tree, from the root down, left to right."""
        waiting = [self.root]
        while waiting:
            part = waiting.pop()
            yield part
            waiting.extend(reversed(part.children))

    def part(self, name: str) -> Part | None:
        """The first place of a metric."""
        return next((part for part in self.parts() if part.name == name), None)


@dataclass(frozen=True, slots=True)
class Factor:
    """One driver of a ratio told as "x times": its own factor, and its amount in the root's unit."""

    name: str
    kind: Kind
    times: Decimal
    amount: Decimal
    back: int = 0  # of what a metric was before: how many periods


@dataclass(frozen=True, slots=True)
class Times:
    """How many times the root is what it was, as a product. `total` is exact; factors are rounded to 28 digits."""

    total: Fraction
    factors: tuple[Factor, ...]


class Hurdle(Enum):
    """What there is no telling in times for."""

    LEVEL = "not above 0"  # a number of the metric
    TERM = "a term not above 0"  # one in its formula
    UNKNOWN = "not known"
    CALL = "a function"  # `least`, `abs`: it is named by its text


@dataclass(frozen=True, slots=True)
class NotTimes:
    """Why there is no telling in times: a name, its value on the side where it is not above 0 (None: unknown)."""

    name: str
    value: Fraction | None
    after: bool
    why: Hurdle = Hurdle.LEVEL
