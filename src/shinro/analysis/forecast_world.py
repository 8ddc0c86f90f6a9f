"""From measured series to what a forecast is made from: formulas, pasts, stocks, the running period, working days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from shinro.analysis.bursts import ENOUGH
from shinro.analysis.forecast import DRAWS, LEAST, Kind
from shinro.analysis.forecast_before import earlier, stands
from shinro.analysis.forecast_following import Following
from shinro.analysis.forecast_formula import leavers, looks_back
from shinro.analysis.forecast_ground import Ground, formula_of, inputs, known_values, share_of, until
from shinro.analysis.forecast_leaders import followings
from shinro.analysis.forecast_made import SEED, Running, World
from shinro.analysis.forecast_paired import Paired
from shinro.analysis.forecast_partners import of_what_stands, pairings, places
from shinro.analysis.forecast_past import Past, past
from shinro.analysis.forecast_share import LEAVING, NEUTRAL
from shinro.analysis.forecast_tree import leaves
from shinro.analysis.targets import MEAN_DAYS
from shinro.definitions.expression import Binary, Node, names
from shinro.definitions.meaning import meaning_of
from shinro.definitions.project import Project, ref
from shinro.definitions.values import Amount
from shinro.periods import Grain, Period
from shinro.series import Mark, Meaning, Nature, Point
from shinro.units import NUMBER

SEASON = {Grain.MONTH: 12, Grain.QUARTER: 4, Grain.WEEK: 52, Grain.DAY: 7}
SMALL = 0.25  # of the last base: an average on less varied more than today's would
CALMER = 0.9  # of the variance of changes: where working days leave less than that, the past follows them


def world(ground: Ground, metrics: Sequence[str], steps: int, draws: int = DRAWS, seed: int = SEED) -> World:
    """The world of some metrics, as it stood on the ground's day."""
    project = ground.project
    asked = inputs(project, metrics)
    follows = dict(followings(ground, asked))
    pairs, moves = dict(pairings(ground, asked)), places(project)
    beside = [name for each in pairs.values() for name in (each.count, moves[each.count].stock)]
    led_by = [each.leader for each in follows.values()]
    known = tuple(dict.fromkeys((*asked, *inputs(project, [*led_by, *beside]))))
    formulas = {metric: node for metric in known if (node := formula_of(project, metric))}
    stocks = {metric: level for metric in formulas if (level := stands(ground, metric, known)) is not None}
    rolled = {metric: node for metric, node in formulas.items() if looks_back(node) and metric in stocks}
    rolled = {stock: node for stock, node in rolled.items() if _can_roll(ground, node)}
    formulas = {metric: node for metric, node in formulas.items() if metric in rolled or not looks_back(node)}
    leaving = {gone: stock for stock, node in rolled.items() if _empties(ground, stock) for gone in leavers(node)}
    gone = [name for metric, each in pairs.items() if moves[metric].leaves for name in (metric, each.count)]
    leaving |= {name: moves[name].stock for name in gone if moves[name].stock in rolled}
    leaving |= {name: stock for stock in rolled if (name := of_what_stands(project, moves, stock))}
    leaving = {gone: stock for gone, stock in leaving.items() if gone not in formulas}
    ends = [metric for metric in (*known, *leaving) if metric not in formulas]
    made = {metric: _past(ground, metric, leaving.get(metric)) for metric in dict.fromkeys(ends)}
    pasts = {metric: found[0] for metric, found in made.items() if found}
    shared = {metric: pair[1] for metric in known if (pair := share_of(project, metric)) and pair[0] in rolled}
    found = World(
        pasts={metric: found for metric, found in pasts.items() if metric not in shared},
        formulas=formulas,
        stocks=stocks,
        leaving=leaving,
        shared=shared,
        running=dict(_running(ground, (*known, *leaving))),
        left=_left(ground),
        ranges=dict(_ranges(project, [metric for metric in ends if metric not in pasts], ground.grain)),
        counts=frozenset(metric for metric in (*known, *leaving) if _is_count(ground, metric)),
        working={metric: _coming(ground, steps) for metric, found in made.items() if found and found[1]},
        steps=steps,
        draws=draws,
        seed=seed,
        earlier=dict(earlier(ground, formulas, known)),
    )
    told = {m: each for m, each in follows.items() if m in found.pasts and m not in leaving and _told(found, each)}
    paired = {
        metric: each for metric, each in pairs.items() if metric not in formulas and _can_pair(found, metric, each)
    }
    return replace(found, follows={m: each for m, each in told.items() if m not in paired}, paired=paired)


def _can_pair(world: World, metric: str, each: Paired) -> bool:
    """Whether the count's paths can be drawn, without those of the money."""
    below = leaves(world, [each.count])
    drawn = all(leaf in world.pasts for leaf in below) and metric in world.pasts and metric not in below
    return drawn and (metric not in world.leaving or each.count in world.leaving)


def _told(world: World, each: Following) -> bool:
    """Whether a leader's paths can be drawn."""
    return all(leaf in world.pasts for leaf in leaves(world, [each.leader]))


def _empties(ground: Ground, stock: str) -> bool:
    """Whether what leaves a stock leaves in proportion to it: what is counted, and recurring revenue; not cash."""
    found = ground.project.metric(stock)
    return bool(found and found.recurring) or _is_count(ground, stock)


def _can_roll(ground: Ground, node: Node) -> bool:
    """Whether all that leaves can be told: of trials that end nothing is measured but by what stayed."""
    return all(
        _gone(ground, gone, f"{gone.partition('.')[0]}.trials")
        for gone in leavers(node)
        if gone.endswith(".trials_ended")
    )


def _past(ground: Ground, metric: str, stock: str | None) -> tuple[Past, bool] | None:
    """A driver's past, and whether it was freed of working days."""
    if stock:
        found = _gone(ground, metric, stock)
        if found:
            return found, False
    points = until(ground, metric)
    values = [None if point is None or point.value is None else float(point.value) for point in points]
    kind = kind_of(meaning_of(metric, ground.meanings), values)
    length = SEASON.get(ground.grain, 1)
    if any(point and point.base is not None for point in points):
        points = points[_grown(points) :] if kind is Kind.AMOUNT else points
        values, parts = values[len(values) - len(points) :], [_parts(point) for point in points]
        found = past(values, kind, parts, length)
        return (replace(found, apart=_apart(ground, metric)), False) if found else None
    meaning = meaning_of(metric, ground.meanings)
    days = [_working(ground, point.period) if point else 0 for point in points]
    follows = meaning.nature is Nature.FLOW and _follows(values, days)
    if follows:
        usual = np.mean([day for day in days if day])
        values = [None if v is None or not d else v * float(usual) / d for v, d in zip(values, days, strict=True)]
    found = past(values, kind, None, length)
    return (found, follows) if found else None


def _apart(ground: Ground, metric: str) -> bool:
    """Whether a ratio is of flows: each period has a base of its own."""
    found = ground.project.metric(metric)
    node = found.ratio.node if found and found.ratio and "." not in metric else None
    if not isinstance(node, Binary) or node.op != "/":
        return False
    below = [meaning_of(name.path, ground.meanings) for name in names(node.right)]
    return bool(below) and all(each.nature is Nature.FLOW for each in below)


def _grown(points: Sequence[Point | None]) -> int:
    """Where an average begins to say something: on a base of a quarter of the last one, where enough follows."""
    bases = [float(point.base) if point and point.base else 0.0 for point in points]
    last = next((base for base in reversed(bases) if base), 0.0)
    small = [n + 1 for n, base in enumerate(bases) if base and base < SMALL * last]
    return min(max(small, default=0), max(len(points) - LEAST, 0))


def _parts(point: Point | None) -> tuple[float, float] | None:
    """The parts of a ratio, None where they are not known; of a base of 0 nothing."""
    if point is None or point.over is None or point.base is None:
        return None
    return (float(point.over), float(point.base)) if point.base else (0.0, 0.0)


def _gone(ground: Ground, metric: str, stock: str) -> Past | None:
    """What left a stock as a share of what stood; of trials what is not told by itself is told by what stayed."""
    standing, flows = known_values(ground, stock), known_values(ground, metric)
    if metric.endswith(".trials_ended"):
        flows = dict(_ended(ground, standing, known_values(ground, f"{stock.partition('.')[0]}.trials_started")))
    pairs = []
    for period in sorted(standing):
        before = standing.get(ground.calendar.step(period, ground.grain, -1))
        if before is not None and period in flows:
            pairs.append((min(max(flows[period], 0.0), before), before))
    if sum(base for _, base in pairs) <= 0:
        return None
    over, base = np.array(pairs).T
    rates = np.divide(over, base, out=np.zeros(over.shape), where=base > 0)
    prior = LEAVING if metric.endswith(".churned_companies") and ground.grain is Grain.MONTH else NEUTRAL
    return Past(rates, Kind.SHARE, over, base, prior=prior)


def _ended(
    ground: Ground, standing: Mapping[Period, float], come: Mapping[Period, float]
) -> Iterator[tuple[Period, float]]:
    for period, value in standing.items():
        before = standing.get(ground.calendar.step(period, ground.grain, -1))
        if before is not None and period in come:
            yield period, before + come[period] - value


def kind_of(meaning: Meaning, values: Sequence[float | None]) -> Kind:
    """What bounds a metric has, by what it is and what was seen of it."""
    known = [value for value in values if value is not None]
    if known and min(known) < 0:
        return Kind.NUMBER
    if meaning.percent and not meaning.metric.endswith(".nrr") and all(value <= 1 for value in known):
        return Kind.SHARE
    bases = [base for base, _ in meaning.unit.powers]
    if any(base.startswith("score:") for base in bases):
        return Kind.NUMBER
    whole = all(value == int(value) for value in known)
    counted = any(base.startswith("count:") for base in bases) and meaning.nature is not Nature.RATIO
    return Kind.COUNT if counted and whole else Kind.AMOUNT


def _is_count(ground: Ground, metric: str) -> bool:
    meaning = meaning_of(metric, ground.meanings)
    if metric.endswith(".trials_ended"):
        return True
    if meaning.nature is Nature.RATIO or meaning.unit == NUMBER or meaning.currency:
        return False
    values = [float(point.value) for point in ground.points(metric) if point.value is not None]
    return kind_of(meaning, values) is Kind.COUNT


def _running(ground: Ground, metrics: Sequence[str]) -> Iterator[tuple[str, Running]]:
    """What the first period to be forecast has brought already, of what adds up within a period."""
    for metric in metrics:
        series, meaning = ground.series.get(metric), meaning_of(metric, ground.meanings)
        point = series.at(ground.first) if series else None
        if point is None or point.mark is not Mark.INCOMPLETE or point.value is None:
            continue
        if meaning.nature is Nature.FLOW and point.base is None:
            yield metric, Running(float(point.value))
        elif meaning.nature is Nature.RATIO and point.over is not None and point.base is not None:
            yield metric, Running(float(point.value), float(point.over), float(point.base))


def _left(ground: Ground) -> float:
    """The share of the first period's working days that is still to come; all of it where it has not begun."""
    first = ground.first
    if ground.as_of < first.start:
        return 1.0
    whole = ground.calendar.working_days(first.start, first.end)
    done = ground.calendar.working_days(
        first.start,
        min(ground.calendar.step(ground.calendar.period(ground.as_of, Grain.DAY), Grain.DAY).start, first.end),
    )
    return 1 - done / whole if whole else 0.0


def _working(ground: Ground, period: Period) -> int:
    return ground.calendar.working_days(period.start, period.end)


def _coming(ground: Ground, steps: int) -> tuple[float, ...]:
    """The working days of each coming period over those of a usual one."""
    months = [ground.calendar.step(ground.first, ground.grain, -n) for n in range(1, 25)]
    usual = sum(_working(ground, period) for period in months) / len(months)
    return tuple(_working(ground, period) / usual for period in ground.ahead(steps))


def _follows(values: Sequence[float | None], days: Sequence[int]) -> bool:
    """Whether a past is calmer a working day than a period."""
    pairs = [(value, day) for value, day in zip(values, days, strict=True) if value and value > 0 and day]
    if len(pairs) < ENOUGH or len(pairs) < len(values):
        return False
    brought, worked = np.log(np.array(pairs, dtype=np.float64)).T
    plain, freed = np.diff(brought).var(), np.diff(brought - worked).var()
    return bool(freed < CALMER * plain)


def _ranges(project: Project, metrics: Sequence[str], grain: Grain) -> Iterator[tuple[str, tuple[float, float]]]:
    """What the company says that metrics without a past will lie between."""
    bounds = project.planning.bounds if project.planning else {}
    for metric in metrics:
        bound = bounds.get(ref(metric))
        if bound and bound.at_least and bound.at_most:
            yield metric, (_level(bound.at_least, grain), _level(bound.at_most, grain))


def _level(amount: Amount, grain: Grain) -> float:
    """A level for a period of a grain."""
    per = amount.level.per
    return float(amount.level.number.value * (MEAN_DAYS[grain] / MEAN_DAYS[per] if per else 1))
