"""What influences say leads the drivers of a forecast, where their pasts agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from shinro.analysis.forecast_following import Following, following, free
from shinro.analysis.forecast_ground import Ground, formula_of, inputs, known_values
from shinro.analysis.targets import MEAN_DAYS
from shinro.definitions.meaning import meaning_of
from shinro.definitions.project import Project
from shinro.periods import Period
from shinro.series import Nature


def leaders(project: Project, metrics: Iterable[str]) -> tuple[str, ...]:
    """What influences that nobody refuted say leads to some metrics, to those in turn, and all that it is made of."""
    found: dict[str, None] = dict.fromkeys(metrics)
    first = len(found)
    for metric in iter(found.copy()):
        _reach(project, metric, found)
    return tuple(found)[first:]


def _reach(project: Project, metric: str, found: dict[str, None]) -> None:
    for each in project.influences:
        if str(each.to) == metric and each.status != "refuted" and formula_of(project, metric) is None:
            for name in inputs(project, [str(each.from_)]):
                if name not in found:
                    found[name] = None
                    _reach(project, name, found)


def followings(ground: Ground, metrics: Sequence[str]) -> Iterator[tuple[str, Following]]:
    """The flows among some metrics that follow what is believed to lead them, the one beside which it is calmest.

    Law: what a flow follows does not depend on what else is asked for.
    """
    best: dict[str, Following] = {}
    every = (*metrics, *leaders(ground.project, metrics))
    for each in ground.project.influences:
        metric, leader = str(each.to), str(each.from_)
        if metric in every and each.status != "refuted" and formula_of(ground.project, metric) is None:
            days = each.lag.duration.days if each.lag else 0
            found = _follows_it(ground, metric, leader, round(days / float(MEAN_DAYS[ground.grain])))
            if found and (metric not in best or found.calm < best[metric].calm):
                best[metric] = found
    below = {each.leader: inputs(ground.project, [each.leader]) for each in best.values()}
    yield from ((metric, each) for metric, each in free(best, below) if metric in metrics)


def _follows_it(ground: Ground, metric: str, leader: str, lag: int) -> Following | None:
    """A flow beside what led to it so many periods earlier; None where either is not known up to now."""
    if any(meaning_of(each, ground.meanings).nature is not Nature.FLOW for each in (metric, leader)):
        return None
    came, led = known_values(ground, metric), known_values(ground, leader)

    def earlier(period: Period, back: int) -> Period:
        return ground.calendar.step(period, ground.grain, -back)

    before = [led.get(earlier(ground.first, back)) for back in range(lag, 0, -1)]
    if earlier(ground.first, 1) not in came or any(value is None for value in before):
        return None
    pairs = [(value, led[start]) for each, value in sorted(came.items()) if (start := earlier(each, lag)) in led]
    return following(leader, pairs, [value for value in before if value is not None])
