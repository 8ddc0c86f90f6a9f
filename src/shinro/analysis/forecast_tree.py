"""Forecast through the tree: the paths of drivers, drawn together, and what a tree makes of them path by path."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from zlib import crc32

import numpy as np

from shinro.analysis.forecast import DRAWS, Kind
from shinro.analysis.forecast_following import Following, followed, mixed
from shinro.analysis.forecast_joint import Stream, together
from shinro.analysis.forecast_models import Array
from shinro.analysis.forecast_past import Past, drawn
from shinro.analysis.forecast_share import counted, shares, unit
from shinro.definitions.expression import Binary, Name, Negative, Node, Number, walk
from shinro.definitions.tree import drivers, factors, is_previous

SEED = 20260401
Of = Callable[[str], Array]


class Running(NamedTuple):
    """What a period that is not over yet has brought."""

    value: float
    over: float = 0.0
    base: float = 0.0


@dataclass(frozen=True, slots=True)
class World:
    """What a forecast is made from: pasts by metric, formulas of the tree, stocks as they stand, the running period.

    `leaving`: a flow -> the stock that it leaves, of which it is a share; `shared`: a rate -> the flow that it is of.
    `follows`: a flow -> another one that it follows, whose paths do not depend on it.
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
    steps: int = 12
    draws: int = DRAWS
    seed: int = SEED

    def rng(self, metric: str) -> np.random.Generator:
        """The generator of a metric: the same whatever else is forecast."""
        return np.random.default_rng([self.seed, crc32(metric.encode())])


def leaves(world: World, metrics: Iterable[str]) -> tuple[str, ...]:
    """The metrics that others are made of in the end, each once, in order."""
    found: dict[str, None] = {}
    waiting, seen = list(metrics), set()
    while waiting:
        metric = waiting.pop(0)
        if metric in seen:
            continue
        seen.add(metric)
        if metric in world.formulas:
            waiting.extend(drivers(world.formulas[metric]))
        elif metric in world.shared:
            waiting.append(world.shared[metric])
        else:
            found[metric] = None
            waiting.extend([world.leaving[metric]] if metric in world.leaving else [])
            waiting.extend([world.follows[metric].leader] if metric in world.follows else [])
    return tuple(found)


def streams(world: World, metrics: Iterable[str]) -> dict[str, Stream]:
    """The paths of metrics and of all that they are made of, drawn together. A metric without any past has none.

    Laws: the same seed gives the same bytes; a metric's own paths do not depend on what else is asked for, but for
    their order. Cost: about 5 ms a leaf for 2,000 paths of 12.
    """
    asked = tuple(dict.fromkeys(metrics))
    own = {leaf: found for leaf in leaves(world, asked) if (found := _leaf(world, leaf)) is not None}
    kept = together({leaf: found for leaf, found in own.items() if leaf in world.pasts}, world.pasts, world.rng("*"))
    known = {**own, **kept}
    for metric in [each for each in own if each in world.follows]:
        known[metric] = _following(world, metric, known)
    for metric in asked:
        _made(world, world.leaving.get(world.shared.get(metric, metric), metric), known, ())
        flow = known.get(world.shared.get(metric, ""))
        if flow and flow.over is not None and flow.base is not None:
            known[metric] = Stream(_divided(flow.over, flow.base), flow.over, flow.base)
    return {name: found for name, found in known.items() if name not in world.leaving or found.over is not None}


def _leaf(world: World, metric: str) -> Stream | None:
    """A driver's own paths; of what leaves a stock, the share of it that leaves."""
    rng, found = world.rng(metric), world.pasts.get(metric)
    if found is None:
        if metric not in world.ranges:
            return None
        low, high = world.ranges[metric]
        return Stream(np.repeat(rng.uniform(low, high, world.draws)[:, None], world.steps, axis=1))
    steps = world.steps + found.behind
    if found.over is None or found.base is None:
        value = drawn(found, steps, rng, world.draws)[:, found.behind :]
        value = value * np.array(world.working.get(metric, (1.0,)))
        return _begun(world, metric, np.rint(value) if metric in world.counts else value)
    whole = found.kind is Kind.SHARE and _is_whole(found.over) and _is_whole(found.base)
    if metric in world.leaving or not found.base.any():
        return Stream(shares(found.over, found.base, steps, rng, world.draws, found.prior)[:, found.behind :])
    base = drawn(Past(found.base, Kind.COUNT if _is_whole(found.base) else Kind.AMOUNT), steps, rng, world.draws)
    if found.kind is Kind.SHARE:
        rate = shares(found.over, found.base, steps, rng, world.draws, found.prior)
        over = counted(base, rate, rng) if whole else base * rate
    else:
        rate = drawn(found, steps, rng, world.draws)
        over = base * rate
    over, base, rate = (part[:, found.behind :] for part in (over, base, rate))
    return _pooled(world, metric, over, base)._replace(whole=_known_part(world, metric, found, rate))


def _is_whole(values: Array) -> bool:
    return bool((values == np.rint(values)).all())


def _begun(world: World, metric: str, whole: Array) -> Stream:
    """The first period holds what it has brought already, and its part that is still to come."""
    if metric not in world.running:
        return Stream(whole)
    first = world.running[metric].value + world.left * whole[:, :1]
    first = np.rint(first) if metric in world.counts else first
    return Stream(np.concatenate([first, whole[:, 1:]], axis=1), whole=whole)


def _following(world: World, metric: str, known: dict[str, Stream]) -> Stream:
    """A flow of which half of the paths follow its leader's."""
    found, own = world.follows[metric], known[metric]
    leading = _made(world, found.leader, known, ())
    if leading is None:
        return own
    after = followed(found, leading.value, world.rng(f"{metric} followed"))
    value = mixed(_rate(own), after)
    return _begun(world, metric, np.rint(value) if metric in world.counts else value)


def _known_part(world: World, metric: str, found: Past, rate: Array) -> Array:
    """An average of what stands is known for the part of the first period that is over."""
    if metric not in world.running or found.kind is Kind.SHARE:
        return rate
    first = (1 - world.left) * world.running[metric].value + world.left * rate[:, :1]
    return np.concatenate([first, rate[:, 1:]], axis=1)


def _pooled(world: World, metric: str, over: Array, base: Array) -> Stream:
    """A ratio from its parts, those of the running period among them."""
    if metric in world.running:
        so_far = world.running[metric]
        over[:, 0] = so_far.over + world.left * over[:, 0]
        base[:, 0] = so_far.base + world.left * base[:, 0]
    return Stream(_divided(over, base), over, base)


def _divided(over: Array, base: Array) -> Array:
    return np.asarray(np.divide(over, base, out=np.full(over.shape, np.nan), where=base > 0))


def _made(world: World, metric: str, known: dict[str, Stream], path: tuple[str, ...]) -> Stream | None:
    """A node's paths, from those below it; None where one of those is not known."""
    if metric in known or metric in path or metric not in world.formulas:
        return known.get(metric)
    node = world.formulas[metric]
    path = (*path, metric)
    inputs = [_made(world, name, known, path) for name in drivers(node) if name not in world.leaving]
    if any(found is None for found in inputs):
        return None
    if metric in world.stocks and any(map(is_previous, walk(node))):
        _rolled(world, metric, node, known)
    elif all(name in known for name in drivers(node)):
        known[metric] = _computed(world, metric, node, known)
    return known.get(metric)


def _computed(world: World, metric: str, node: Node, known: Mapping[str, Stream]) -> Stream:
    def of(name: str) -> Array:
        return _rate(known[name])

    if isinstance(node, Binary) and node.op == "/":
        over, base = _value(node.left, of), _value(node.right, of)
        return Stream(_divided(over, base), over, base)
    parts = factors(node) or []
    if metric in world.counts and parts and all(isinstance(part, Name) and power == 1 for part, power in parts):
        return _begun(
            world, metric, _multiplied(world, metric, [known[part.path] for part, _ in parts if isinstance(part, Name)])
        )
    value = np.asarray(np.broadcast_to(_value(node, of), (world.draws, world.steps)))
    return _begun(world, metric, np.rint(value) if metric in world.counts else value)


def _multiplied(world: World, metric: str, factors: Sequence[Stream]) -> Array:
    """A count times rates: each share is drawn of what is left, so that the noise of counting is there once."""
    rng, found = world.rng(f"{metric} counted"), np.rint(_rate(factors[0]))
    for factor in factors[1:]:
        rate = _rate(factor)
        is_share = factor.over is not None and bool((rate <= 1).all())
        found = counted(found, rate, rng) if is_share else np.rint(found * rate)
    return found


def _rate(stream: Stream) -> Array:
    return stream.value if stream.whole is None else stream.whole


def _rolled(world: World, stock: str, node: Node, known: dict[str, Stream]) -> None:
    """A stock from period to period; what leaves it is drawn as a share of what stands, and becomes known as a flow."""
    gone = [name for name in drivers(node) if world.leaving.get(name) == stock]
    if any(name not in known for name in gone):
        return
    rng, chances = world.rng(f"{stock} left"), {name: known[name].value for name in gone}
    standing, rows = np.full(world.draws, world.stocks[stock]), []
    flows: dict[str, list[Array]] = {name: [] for name in gone}
    before: list[Array] = []
    for n in range(world.steps):
        before.append(standing)
        for name, chance in chances.items():
            flows[name].append(_leaving(world, name, standing, chance[:, n], n, rng))
        at = {name: flows[name][-1] if name in flows else known[name].value[:, n] for name in drivers(node)}
        standing = _value(node, at.__getitem__, standing)
        standing = np.maximum(standing, 0) if gone or stock in world.counts else standing
        rows.append(standing)
    known[stock] = Stream(np.column_stack(rows))
    for name, found in flows.items():
        over, base = np.column_stack(found), np.column_stack(before)
        known[name] = Stream(over, over, base)


def _leaving(world: World, name: str, standing: Array, chance: Array, n: int, rng: np.random.Generator) -> Array:
    found = world.pasts.get(name)
    size = (
        1.0
        if name in world.counts or not found or found.over is None or found.base is None
        else unit(found.over, found.base)
    )
    gone = counted(standing, chance, rng, size)
    if n or name not in world.running:
        return gone
    whole = world.running[name].value + world.left * gone
    return np.minimum(np.rint(whole) if name in world.counts else whole, standing)


def _value(node: Node, of: Of, before: Array | None = None) -> Array:
    """A formula's value, path by path. Dividing by 0 is NaN."""
    match node:
        case Number(value):
            return np.asarray(float(value))
        case Name() as name if name.path == "previous" and before is not None:
            return before
        case Name() as name:
            return of(name.path)
        case Negative(inner):
            return -_value(inner, of, before)
        case Binary(op, left, right):
            return _applied(op, _value(left, of, before), _value(right, of, before))
    raise ValueError(node)


def _applied(op: str, left: Array, right: Array) -> Array:
    match op:
        case "+":
            return np.asarray(left + right)
        case "-":
            return np.asarray(left - right)
        case "*":
            return np.asarray(left * right)
    shape = np.broadcast_shapes(left.shape, right.shape)
    return np.asarray(np.divide(left, right, out=np.full(shape, np.nan), where=right != 0))


def can_be_drawn(node: Node) -> bool:
    """Whether a formula is made of what paths can be put through: numbers, names, + - * / and bare `previous`."""
    return all(isinstance(part, Number | Name | Negative | Binary) for part in walk(node))


def leavers(node: Node) -> Iterator[str]:
    """The flows that a stock's identity takes from `previous`: `previous + a - b` gives b."""
    match node:
        case Binary("-", left, Name() as name):
            yield name.path
            yield from leavers(left)
        case Binary("+", left, _):
            yield from leavers(left)
