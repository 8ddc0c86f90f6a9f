"""Readings -> cards, and the tree as cards: what a number is made of, and what is believed to move it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from shinro.definitions.project import Project
from shinro.definitions.story import Influence
from shinro.definitions.tree import below, drivers, explained_by, identities, influenced_by
from shinro.definitions.values import Formula
from shinro.findings.readings import Reading, Status
from shinro.problems import Severity
from shinro.reports.formulas import labelled, signs_of
from shinro.reports.numbers import level
from shinro.reports.parts import Badge, Branch, Brought, Card
from shinro.reports.readings import Telling, name_text, pace_text, past_text, period_text, small_text, value_text
from shinro.reports.states import SHAPES, state_word
from shinro.reports.words import Words
from shinro.series import State

SEVERITIES = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.INFO: "i", Severity.OFF: "–"}


def badge(found: State, telling: Telling) -> Badge:
    """A state's shape, word and tone."""
    return Badge(found.value.replace(" ", "-"), SHAPES[found], state_word(found, telling.words))


def severity_badge(found: Severity, words: Words) -> Badge:
    """A severity's shape, word and tone."""
    return Badge(found.value, SEVERITIES[found], words.say(f"story.{found.value}"))


def card(reading: Reading, telling: Telling) -> Card:
    """Where one metric is, for the whole or for a segment."""
    kpi = telling.project.kpi(reading.metric)
    whole = not reading.segment
    return Card(
        metric=reading.metric,
        label=name_text(reading, telling),
        value=value_text(reading, telling),
        badge=badge(reading.state, telling) if reading.state else None,
        target="" if reading.target is None else level(reading.target, reading.meaning, telling.lang),
        period=period_text(reading, telling),
        before=past_text(reading, reading.before, telling),
        pace=pace_text(reading, telling),
        owner=telling.say("list.comma").join(reading.owners) if whole else "",
        decides=str(kpi.decides) if kpi and kpi.decides and whole else "",
        note=small_text(reading, telling),
        spark=tuple(point.final for point in reading.trend),
    )


def every_reading(status: Status) -> Mapping[str, Reading]:
    """All readings of a status for the whole company, by metric."""
    owned = (reading for _, readings in status.departments for reading in readings)
    star = (status.star,) if status.star else ()
    return {reading.metric: reading for reading in (*status.others, *owned, *status.focus, *star)}


def in_tree(project: Project) -> tuple[str, ...]:
    """The metrics of the star's tree and of its outcomes' that are defined."""
    if project.star is None:
        return ()
    tops = map(str, (project.star.metric, *project.star.outcomes))
    found = below(tops, explained_by(project), influenced_by(project))
    return tuple(sorted(metric for metric in found if project.metric(metric)))


def trees(status: Status, brought: Mapping[str, Brought], telling: Telling) -> tuple[Branch, ...]:
    """The star's tree, then that of each outcome that it is believed to lead to and that no tree has shown.

    `brought` is what each metric brought to the star's gap.
    """
    star = telling.project.star
    if star is None:
        return ()
    forest = _Forest(telling, every_reading(status), identities(telling.project), brought)
    tops = (str(star.metric), *map(str, star.outcomes))
    return tuple(forest.branch(top) for top in tops if top not in forest.shown)


@dataclass(slots=True)
class _Forest:
    """A walk over the tree; a metric that was shown with its drivers is shown alone the next time."""

    telling: Telling
    readings: Mapping[str, Reading]
    formulas: Mapping[str, Formula]
    brought: Mapping[str, Brought]
    shown: set[str] = field(default_factory=set)

    def branch(self, metric: str, edge: str = "", *, believed: bool = False) -> Branch:
        """A metric with all that stands below it."""
        reading = self.readings.get(metric)
        found = card(reading, self.telling) if reading else Card(metric, self.telling.label(metric))
        if metric in self.shown:
            again = self._has_drivers(metric)
            return Branch(found, edge, believed, again=again, brought=self.brought.get(metric))
        self.shown.add(metric)
        formula = self.formulas.get(metric)
        written = labelled(formula.node, self.telling) if formula else ""
        below = tuple(self._drivers(metric))
        return Branch(found, edge, believed, formula=written, drivers=below, brought=self.brought.get(metric))

    def _drivers(self, metric: str) -> Iterator[Branch]:
        formula = self.formulas.get(metric)
        signs = signs_of(formula.node) if formula else {}
        for name in drivers(formula.node) if formula else ():
            yield self.branch(name, signs.get(name, ""))
        for influence in _influences(metric, self.telling):
            yield self.branch(str(influence.from_), edge_text(influence, self.telling), believed=True)

    def _has_drivers(self, metric: str) -> bool:
        return metric in self.formulas or bool(_influences(metric, self.telling))


def _influences(metric: str, telling: Telling) -> list[Influence]:
    return [each for each in telling.project.influences if str(each.to) == metric]


def edge_text(influence: Influence, telling: Telling) -> str:
    """`仮説（6週間後）`: how sure an influence is, and after how long it shows."""
    status = telling.say(f"story.{influence.status}")
    if influence.lag is None:
        return status
    lag = influence.lag.duration
    return telling.say("story.lagged", status=status, lag=telling.words.plural(f"length.{lag.unit}", lag.amount))
