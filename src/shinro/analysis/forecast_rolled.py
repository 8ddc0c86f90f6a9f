"""Rolled: metrics that follow from each other's earlier values are drawn together, one period after another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from shinro.analysis.forecast_formula import Counting, Row, computed, looks_back, whole_value
from shinro.analysis.forecast_joint import Stream
from shinro.analysis.forecast_made import World
from shinro.analysis.forecast_models import Array
from shinro.analysis.forecast_running import flows_of, proportional, rest
from shinro.analysis.forecast_share import counted, unit
from shinro.definitions.expression import Node
from shinro.definitions.tree import drivers, reads


def circle(world: World, metric: str) -> tuple[str, ...]:
    """The metrics that this one follows from and that follow from it, in earlier periods; none where there are none."""
    below = _below(world, metric)
    return tuple(name for name in below if metric in below and metric in _below(world, name))


def _below(world: World, metric: str) -> dict[str, None]:
    found: dict[str, None] = {}
    waiting = list(inputs_of(world, metric))
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = None
            waiting.extend(inputs_of(world, name))
    return found


def inputs_of(world: World, metric: str) -> tuple[str, ...]:
    """What a metric is computed from, in the period itself or an earlier one: of what leaves a stock, the stock."""
    node = world.formulas.get(metric)
    if node is None:
        stock = (world.leaving[metric],) if metric in world.leaving else ()
        return (*stock, world.paired[metric].count) if metric in world.paired else stock
    return (*reads(node), *((metric,) if looks_back(node) else ()))


def whole_of(stream: Stream) -> Array:
    """What others are computed from."""
    return stream.value if stream.whole is None else stream.whole


def earlier(world: World, metric: str, back: int) -> float | None:
    """What is known of a metric so many periods before the first that is drawn; before the oldest it stood still."""
    known = world.earlier.get(metric) or ((world.stocks[metric],) if metric in world.stocks else ())
    return known[max(len(known) - back, 0)] if known else None


def shifted(world: World, metric: str, values: Array, back: int) -> Array:
    """A metric's paths so many periods before; where nothing is known of it, it stood where it begins."""
    count = min(back, values.shape[1])
    known = [earlier(world, metric, back - n) for n in range(count)]
    before = [values[:, 0] if each is None else np.full(len(values), each) for each in known]
    return np.column_stack([*before, values[:, : values.shape[1] - count]])


def rolled(world: World, metrics: Sequence[str], known: Mapping[str, Stream]) -> dict[str, Stream]:
    """The paths of metrics that follow from each other's earlier values; none where they do so in the same period.

    What leaves a stock is drawn as a share of what stands, and becomes known as a flow.
    """
    order = list(_ordered(world, metrics))
    if len(order) < len(metrics):
        return {}
    chances = {name: world.rng(f"{world.leaving.get(name, name)} left") for name in order}
    found = _Rolling(world, known, {name: np.empty((world.draws, world.steps)) for name in order}, chances)
    for n in range(world.steps):
        for name in order:
            found.draw(name, n)
    return {name: found.stream(name) for name in order}


def _ordered(world: World, metrics: Iterable[str]) -> Iterator[str]:
    """Each behind those that it reads in the same period; what leaves a stock first."""
    left = dict.fromkeys(metrics)
    while left:
        ready = [name for name in left if not _reads_now(world, name) & left.keys()]
        if not ready:
            return
        yield from ready
        left = {name: None for name in left if name not in ready}


def _reads_now(world: World, metric: str) -> set[str]:
    return set(drivers(world.formulas[metric])) if metric in world.formulas else set()


@dataclass(frozen=True, slots=True)
class _Rolling:
    """Metrics as far as they are drawn, (draws, steps) each, beside those that are known whole."""

    world: World
    known: Mapping[str, Stream]
    rows: Mapping[str, Array]
    rngs: Mapping[str, np.random.Generator]

    def draw(self, metric: str, n: int) -> None:
        """Draws a metric's values of one period."""
        found = self._left(metric, n) if metric in self.world.leaving else self._computed(metric, n)
        self.rows[metric][:, n] = found

    def stream(self, metric: str) -> Stream:
        """A metric's paths; of what leaves a stock with the stock before it."""
        found = self.rows[metric]
        stock = self.world.leaving.get(metric)
        return Stream(found, found, shifted(self.world, stock, self.rows[stock], 1)) if stock else Stream(found)

    def _computed(self, metric: str, n: int) -> Array:
        world, node = self.world, self.world.formulas[metric]
        row = Row(lambda name: self._now(name, n), lambda name, back: self._back(name, metric, n, back))
        is_count = metric in world.counts
        how = Counting(self._counts(metric), self._still, self.rngs[metric])
        found = np.broadcast_to(whole_value(node, row, how) if is_count else computed(node, row), (world.draws,))
        if n == 0 and metric in world.running and world.running[metric].adds:
            found = world.running[metric].value + self._to_come(metric, node, found, how if is_count else None)
        emptied = any(world.leaving.get(name) == metric for name in drivers(node))
        return np.maximum(found, 0) if is_count or emptied else found

    def _to_come(self, metric: str, node: Node, whole: Array, how: Counting | None) -> Array:
        """What is still to come of the first period: made of what is so of the flows that it is made of, or cut."""
        world, flows = self.world, flows_of(node, self.world.running)
        if not proportional(node, flows):
            return rest(whole, world.left, self.rngs[metric], count=how is not None)
        row = Row(lambda name: self._now(name, 0) - (world.running[name].value if name in flows else 0.0))
        found = whole_value(node, row, how) if how else computed(node, row)
        return np.asarray(np.broadcast_to(found, (world.draws,)))

    def _counts(self, metric: str) -> frozenset[str]:
        return self.world.counts | ({"previous"} if metric in self.world.counts else frozenset())

    def _still(self, name: str) -> bool:
        past = self.world.pasts.get(name)
        return past is None or past.base is not None

    def _now(self, name: str, n: int) -> Array:
        if name in self.rows:
            return self.rows[name][:, n]
        found = self.known[name]
        return (found.value if found.over is None else whole_of(found))[:, n]

    def _back(self, name: str, metric: str, n: int, back: int) -> Array:
        name = metric if name == "previous" else name
        if n >= back:
            return self._now(name, n - back)
        found = earlier(self.world, name, back - n)
        if found is None and name in self.rows:
            return np.full(self.world.draws, np.nan)
        return self._now(name, 0) if found is None else np.full(self.world.draws, found)

    def _left(self, name: str, n: int) -> Array:
        """How much leaves what stands: by its share; where none was seen, as much as it would by itself."""
        world, past = self.world, self.world.pasts.get(name)
        standing = self._back(world.leaving[name], "", n, 1)
        chance = self.known[name].value[:, n]
        if name in world.paired:
            begun = world.running[name].value if name in world.running and not n else 0.0
            return np.minimum(begun + standing * chance, np.maximum(standing, 0))
        if past is None or past.over is None or past.base is None:
            return np.minimum(chance, standing)
        size = 1.0 if name in world.counts else unit(past.over, past.base)
        if n or name not in world.running:
            return counted(standing, chance, self.rngs[name], size)
        to_come = counted(standing, chance * world.left, self.rngs[name], size)
        return np.minimum(world.running[name].value + to_come, standing)
