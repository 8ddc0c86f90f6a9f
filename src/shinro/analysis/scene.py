"""Scene: what is explained, and by what: the tree of a metric, all that was measured of it, and what was meant."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from shinro.analysis.decompose import Found, Reader, Tree
from shinro.analysis.measured import Bearings
from shinro.analysis.targets import course_of
from shinro.findings.gaps import Why
from shinro.periods import Grain, Period
from shinro.series import Mark, Point


@dataclass(frozen=True, slots=True)
class Scene:
    """What is explained, and by what: the tree, and all that was measured of it."""

    bearings: Bearings
    tree: Tree
    metric: str
    grain: Grain

    @property
    def last(self) -> Point | None:
        """The last complete period of the metric."""
        points = self.bearings.measured.complete(self.metric, self.grain)
        return points[-1] if points else None

    def point(self, metric: str, period: Period, back: int = 0) -> Point | None:
        """A metric's point so many periods before a period."""
        then = self.bearings.calendar.step(period, self.grain, -back) if back else period
        return self.bearings.measured.at(metric, then, self.grain)

    def actual(self, period: Period) -> Reader:
        """What was, as decomposing reads it. A period that is running, or not known to its end, is missing."""

        def read(metric: str, back: int) -> Found:
            point = self.point(metric, period, back)
            return Why.MISSING if point is None or point.mark is not Mark.COMPLETE else point.value

        return read

    def meant(self, period: Period) -> Reader:
        """What was meant: each metric's course; a ratio without one from the courses of its two parts."""

        def read(metric: str, back: int) -> Found:
            then = self.bearings.calendar.step(period, self.grain, -back) if back else period
            found = self.target(metric, then)
            return Why.MISSING if found is None else found

        return read

    def target(self, metric: str, period: Period, base: Period | None = None) -> Fraction | None:
        """What a metric was meant to read in a period; None where nobody said.

        `base`: of a rate between stages that take time, the period in which its denominator is read.
        """
        if metric not in self.bearings.meanings:
            return None
        course = course_of(self.bearings, metric, self.grain)
        said = course.target(period) if course else None
        parts = self.tree.rates.get(metric)
        if said is not None or parts is None:
            return said
        above, below = self.target(parts[0], period), self.target(parts[1], base or period)
        return above / below if above is not None and below else None
