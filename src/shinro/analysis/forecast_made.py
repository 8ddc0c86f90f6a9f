"""What a forecast is made from: pasts, formulas, what is known of earlier periods and of the running one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from zlib import crc32

import numpy as np

from shinro.analysis.forecast import DRAWS
from shinro.analysis.forecast_following import Following
from shinro.analysis.forecast_paired import Paired
from shinro.analysis.forecast_past import Past
from shinro.definitions.expression import Node

SEED = 20260401


class Running(NamedTuple):
    """What a period that is not over yet has brought."""

    value: float
    over: float = 0.0
    base: float = 0.0

    @property
    def adds(self) -> bool:
        """Whether what is still to come is added to it: not so of a ratio."""
        return not self.base


@dataclass(frozen=True, slots=True)
class World:
    """What a forecast is made from: pasts by metric, formulas of the tree, stocks as they stand, the running period.

    `earlier`: what is known of metrics that formulas look back at, the newest last.
    `leaving`: a flow -> the stock that it leaves, of which it is a share, and never more than stands; `shared`: a rate
    -> the flow that it is of.
    `follows`: a flow -> another one that it follows, whose paths do not depend on it.
    `paired`: a flow of money -> the count that it comes with, or goes with, of which each brings so much.
    `left`: the share of the first period that is still to come. `ranges`: what a company without a past says a metric
    will lie between. `working`: the working days of each coming period over those of a usual one, for metrics whose
    past follows them.
    """

    pasts: Mapping[str, Past]
    formulas: Mapping[str, Node] = field(default_factory=dict)
    stocks: Mapping[str, float] = field(default_factory=dict)
    leaving: Mapping[str, str] = field(default_factory=dict)
    shared: Mapping[str, str] = field(default_factory=dict)
    running: Mapping[str, Running] = field(default_factory=dict)
    left: float = 1.0
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    counts: frozenset[str] = frozenset()
    working: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    follows: Mapping[str, Following] = field(default_factory=dict)
    paired: Mapping[str, Paired] = field(default_factory=dict)
    earlier: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    steps: int = 12
    draws: int = DRAWS
    seed: int = SEED

    def rng(self, metric: str) -> np.random.Generator:
        """The generator of a metric: the same whatever else is forecast."""
        return np.random.default_rng([self.seed, crc32(metric.encode())])
