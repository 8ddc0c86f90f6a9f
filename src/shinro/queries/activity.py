"""Activity: what a scan of active entities must know. No engine is needed to plan."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from shinro.definitions.expression import Node
from shinro.definitions.metric import Metric
from shinro.definitions.project import Project
from shinro.definitions.tree import KEPT
from shinro.definitions.windows import at_least, window
from shinro.periods import DAYS_OF, MONTHS_OF, Duration, Grain

MONTH = 31  # days at most
LONGEST = 2 * 3 * MONTH  # days: beyond two quarters there would be too many gaps to tell apart
ONE_DAY = Duration(1, "day")
SHORT = (Grain.DAY, Grain.WEEK, Grain.MONTH)
Conditions = tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Gaps:
    """The days on which entities are active, by the days since the one before, told apart up to `cap`.

    They serve every window up to half the cap; a metric's own window is not part of their meaning.
    """

    entity: str
    cap: int
    within: Duration | None = None
    conditions: Conditions = ()
    tables: tuple[str, ...] = ()
    grain: Grain = Grain.DAY
    daily: bool = True  # rows of one entity on one day count once
    by_first: bool = False  # an entity is counted in every segment that it is active in

    @property
    def normal(self) -> str:
        """The same meaning, the same text."""
        return f"active {self.entity} by gaps up to {self.cap}"


@dataclass(frozen=True, slots=True)
class Firsts:
    """The days on which entities are active for the first time in a day, a week and a month of the calendar."""

    entity: str
    conditions: Conditions = ()
    tables: tuple[str, ...] = ()
    grain: Grain = Grain.DAY
    daily: bool = True  # rows of one entity on one day count once
    by_first: bool = False

    @property
    def normal(self) -> str:
        """The same meaning, the same text."""
        return f"active {self.entity} by first days"


@dataclass(frozen=True, slots=True)
class Stretches:
    """The days on which one window holds at least so many rows of an entity: when that begins and ends."""

    entity: str
    within: Duration
    at_least: int
    conditions: Conditions = ()
    tables: tuple[str, ...] = ()
    grain: Grain = Grain.DAY
    by_first: bool = False

    @property
    def daily(self) -> bool:
        """Whether rows of one entity on one day count once."""
        return self.at_least == 1

    @property
    def normal(self) -> str:
        """The same meaning, the same text."""
        return f"active {self.entity} within {self.within} at least {self.at_least}"


@dataclass(frozen=True, slots=True)
class Presence:
    """The periods of the calendar in which entities have at least so many rows, and whether they had in the one before.

    They are of the asked grain, or of one span of days and what lies before it.
    """

    entity: str
    at_least: int
    conditions: Conditions = ()
    tables: tuple[str, ...] = ()
    grain: None = None
    by_first: bool = False

    @property
    def daily(self) -> bool:
        """Whether rows of one entity on one day count once."""
        return self.at_least == 1

    @property
    def normal(self) -> str:
        """The same meaning, the same text."""
        return f"active {self.entity} in each period at least {self.at_least}"


Activity = Gaps | Firsts | Stretches | Presence


def active(project: Project, name: str, metric: Metric, grain: Grain) -> Activity | None:
    """What a metric of active entities asks of its table; None where that names no entity, or the window is none."""
    del name
    entity, least, within = _entity(project, metric), at_least(metric), _window(metric)
    if entity is None or least is None or (metric.within and within is None):
        return None
    if least == 1 and not within and grain in SHORT:
        return Firsts(entity)
    if least == 1 and within and _need(within) <= LONGEST:
        return Gaps(entity, _cap(project, str(metric.active), _asked(metric)), within)
    return Stretches(entity, within, least) if within else Presence(entity, least)


def active_over(project: Project, name: str, metric: Metric, grain: Grain) -> Activity | None:
    """The same over one span of days: what is counted by the calendar is then counted over just those days."""
    found = active(project, name, metric, grain)
    least = at_least(metric)
    return Presence(found.entity, least) if found and least and not metric.within else found


def _entity(project: Project, metric: Metric) -> str | None:
    table = project.table(metric.active)
    return str(table.entity) if table and table.entity and table.time else None


def _window(metric: Metric) -> Duration | None:
    """A metric's window in days or months: `4 weeks` is `28 days`."""
    found = window(metric)
    if found is None or found.unit in ("day", "week"):
        return found and Duration(found.days, "day")
    return Duration(found.amount * MONTHS_OF[Grain(found.unit)], "month")


def _need(within: Duration) -> int:
    """How long a gap can be that lies between a window and the one before it, in days."""
    return 2 * within.amount * (DAYS_OF[within.unit] if within.unit == "day" else MONTH)


def _asked(metric: Metric) -> Node | None:
    return metric.where.node if metric.where else None


@lru_cache(maxsize=KEPT * 32)
def _cap(project: Project, table: str, where: Node | None) -> int:
    """The longest gap that any metric over the same rows has to tell: so they share one scan, whichever are asked for.

    Law: it depends on the project alone. Cost: linear in the metrics, once a table and filter.
    """
    alike = [one for one in project.metrics.values() if one.active == table and _asked(one) == where]
    windows = [within for one in alike if at_least(one) == 1 and (within := _window(one))]
    return max(need for within in windows if (need := _need(within)) <= LONGEST)
