"""The project: one story as one frozen value; text -> Project with every place and every problem of structure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from posixpath import normpath
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from shinro.definitions.countries import COUNTRIES, regions
from shinro.definitions.expression import Binary
from shinro.definitions.metric import HARMLESS, WAYS, Metric
from shinro.definitions.nodes import Mapping, Node, Scalar, Sequence, Text, read_nodes
from shinro.definitions.people import Department, Initiative, Kpi, NorthStar
from shinro.definitions.shapes import Block, read
from shinro.definitions.sources import Source, Table
from shinro.definitions.story import Influence, Milestone, Planning, Story, Target, Traction
from shinro.definitions.values import Formula, Name, Ref
from shinro.periods import MONTHS, WEEKDAYS, Calendar
from shinro.problems import Place, Problem, Severity, problem
from shinro.units import CURRENCIES

LIKE_COUNTRIES = 0.8  # `JPPN` is like `JPN`; `Japan` would be as much like `PAN`

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Month = Literal[
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting(Block):
    """A rule made stricter, milder or silent, with the reason."""

    severity: Severity
    because: Text


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Project(Block):
    """All that a company says of its growth; equal to itself alone, so that what is derived of it can be kept."""

    company: Text | None = None
    currency: Text | None = None
    timezone: Text | None = None
    week_starts: Weekday = "monday"
    fiscal_year_starts: Month = "january"
    holidays: Text | None = None
    days_off: tuple[date, ...] = ()
    languages: tuple[Literal["ja", "en"], ...] = ()
    record: Text | None = None  # the record's folder within the project's, where it is not .shinro/record
    story: Story | None = None
    include: tuple[Text, ...] = ()
    sources: Map[Name, Source] = field(default_factory=dict)
    tables: Map[Name, Table] = field(default_factory=dict)
    metrics: Map[Name, Metric] = field(default_factory=dict)
    north_star: tuple[NorthStar, ...] = ()
    tree: Map[Ref, Formula] = field(default_factory=dict)
    influences: tuple[Influence, ...] = ()
    departments: Map[Name, Department] = field(default_factory=dict)
    kpis: Map[Ref, Kpi] = field(default_factory=dict)
    targets: Map[Ref, Target] = field(default_factory=dict)
    milestones: tuple[Milestone, ...] = ()
    initiatives: tuple[Initiative, ...] = ()
    planning: Planning | None = None
    traction: tuple[Traction, ...] = ()
    checks: Map[Text, Setting] = field(default_factory=dict)

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    @property
    def star(self) -> NorthStar | None:
        """The North Star; None where there is none or more than one."""
        return self.north_star[0] if len(self.north_star) == 1 else None

    @property
    def zone(self) -> str:
        """The time zone whose days count."""
        return self.timezone or "UTC"

    @property
    def calendar(self) -> Calendar:
        """How this company cuts time; public holidays are added by whoever needs working days."""
        fiscal = MONTHS.index(self.fiscal_year_starts) + 1
        return Calendar(self.zone, WEEKDAYS.index(self.week_starts), fiscal, frozenset(self.days_off))

    def source(self, name: str) -> Source | None:
        """A source by name."""
        return self.sources.get(Name(name))

    def table(self, name: str | None) -> Table | None:
        """A table by name."""
        return self.tables.get(Name(name)) if name else None

    def metric(self, name: str) -> Metric | None:
        """A metric by name; parts belong to their metric."""
        return self.metrics.get(Name(name.partition(".")[0]))

    def kpi(self, metric: str) -> Kpi | None:
        """The KPI entry of a metric or part."""
        return self.kpis.get(ref(metric))

    def department_of(self, metric: str) -> str | None:
        """The department that owns a metric."""
        owning = (str(name) for name, department in self.departments.items() if ref(metric) in department.owns)
        return next(owning, None)

    def label(self, metric: str, language: str) -> str:
        """What a metric is called: its label, with the part's name after it."""
        found = self.metric(metric)
        label = found.label.in_(language) if found and found.label else metric.partition(".")[0]
        part = metric.partition(".")[2]
        return f"{label}.{part}" if part else label


def ref(metric: str) -> Ref:
    """A reference from its text."""
    name, _, part = metric.partition(".")
    return Ref(name, part or None)


Opener = Callable[[str], str | None]


def read_project(text: str, path: str, opener: Opener = lambda _: None) -> tuple[Project, tuple[Problem, ...]]:
    """The project of a file and of what it includes, and every problem of structure (codes S and Q).

    `opener` returns the text of an included file, by its path as written, or None. Raises CannotGoOn where the text
    has no tree to read. Cost: linear in the text.
    """
    top, found = read_nodes(text, path)
    problems = list(found)
    top = _with_included(top, path, opener, problems)
    project: Project = read(Project, top, problems)
    problems.extend(_structure(project))
    return project, tuple(dict.fromkeys(problems))  # a value that was cut is told where it is cut and where it is read


def _with_included(top: Mapping, path: str, opener: Opener, problems: list[Problem]) -> Mapping:
    wanted = [value for key, value in top.entries if key.text == "include"]
    parts = wanted[0].items if wanted and isinstance(wanted[0], Sequence) else wanted
    seen: dict[str, Place] = {}
    for part in parts:
        if not isinstance(part, Scalar):
            continue
        name = _beside(path, part.text)
        if name == path or name in seen:
            again = problem("S105", part.place, key=str(part.text), first=str(seen.get(name)))
            problems.append(again if name in seen else problem("S129", part.place))
            continue
        seen[name] = part.place
        text = opener(part.text)
        if text is None:
            problems.append(problem("S128", part.place, path=part.text))
            continue
        more, found = read_nodes(text, name)
        problems.extend(found)
        top = _merged(top, more, problems)
    return top


def _beside(path: str, included: str) -> str:
    folder = path.rpartition("/")[0]
    return normpath(f"{folder}/{included}" if folder else included)


def _merged(top: Mapping, more: Mapping, problems: list[Problem]) -> Mapping:
    """Sections of an included file: mappings and lists grow, anything else may stand once."""
    entries = {key.text: (key, value) for key, value in top.entries}
    for key, value in more.entries:
        if key.text == "include":
            problems.append(problem("S129", key.place))
        elif key.text not in entries:
            entries[key.text] = (key, value)
        else:
            entries[key.text] = (entries[key.text][0], _joined(entries[key.text][1], value, key, problems))
    return Mapping(tuple(entries.values()), top.place, flow=False)


def _joined(first: Node, second: Node, key: Scalar, problems: list[Problem]) -> Node:
    if isinstance(first, Sequence) and isinstance(second, Sequence):
        return Sequence((*first.items, *second.items), first.place, flow=False)
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        seen = {name.text: name.place for name, _ in first.entries}
        for name, _ in second.entries:
            if name.text in seen:
                problems.append(problem("S105", name.place, key=str(name.text), first=str(seen[name.text])))
        fresh = [(name, value) for name, value in second.entries if name.text not in seen]
        return Mapping((*first.entries, *fresh), first.place, flow=False)
    problems.append(problem("S105", key.place, key=str(key.text), first=str(first.place)))
    return first


def _is_zone(name: str) -> bool:
    """Whether a time zone has this name. Cost: one small file is read; a list of all names takes 600 of them."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _structure(project: Project) -> Iterator[Problem]:
    """What a block alone cannot see: exactly one way to measure, and the keys that a way needs."""
    yield from _settings(project)
    for name, source in project.sources.items():
        yield from _source(str(name), source)
    for table in project.tables.values():
        if "." not in table.from_:
            yield problem("S123", table.at("from"), found=table.from_)
        for key in ("time", "amount"):
            if table.wide and key not in table.places:
                yield problem("S112", table.at("wide"), key=key)
        if table.full_list and not table.wide and table.time is None:
            yield problem("S112", table.at("full_list"), key="time")
    for name, metric in project.metrics.items():
        yield from _metric(str(name), metric)
    yield from across(project).values()


def across(project: Project) -> Map[str, Problem]:
    """By table (a reported metric's by the metric's name): periods across are read from sheets.

    In a database their names would be looked for among its columns.
    """
    written = [(name, "wide", table, table.from_) for name, table in project.tables.items() if table.wide]
    rows = [(name, "row", each, each.reported) for name, each in project.metrics.items() if each.row and each.reported]
    found: dict[str, Problem] = {}
    for name, key, block, where in (*written, *rows):
        source = project.source(where.partition(".")[0])
        if source and source.type != "files":
            args = {"case": "across", "key": key, "source": where.partition(".")[0], "type": source.type}
            found[str(name)] = Problem(block.at(key), "S131", args)
    return found


def _settings(project: Project) -> Iterator[Problem]:
    for zone in (project.timezone, *(source.timezone for source in project.sources.values())):
        if zone and not _is_zone(str(zone)):
            yield _unknown_zone(zone)
    if project.currency and project.currency not in CURRENCIES:
        yield _nearest("S126", project.currency, CURRENCIES)
    if project.holidays:
        yield from _holidays(project.holidays)


def _unknown_zone(zone: Text) -> Problem:
    """A name is asked back, or that of a city. Letters (`JST`) are not: what they are like is another place."""
    names = available_timezones()
    if "/" in zone:
        return _nearest("S125", zone, frozenset(names))
    cities = {name.rpartition("/")[2].lower(): name for name in sorted(names) if "/" in name}
    near = get_close_matches(zone.strip().lower().replace(" ", "_"), cities, 1, 0.8)
    args = {"found": str(zone), "near": cities[near[0]] if near else ""}
    return Problem(zone.place, "S125", {**args, "case": "near" if near else "far"})


def _holidays(text: Text) -> Iterator[Problem]:
    """A country, or a region of one (`DE-BY`), in whatever case."""
    name, dash, region = text.strip().partition("-")
    country = name.upper()
    if country not in COUNTRIES:
        yield _nearest("S141", text, COUNTRIES, LIKE_COUNTRIES)
        return
    known = {each.upper(): f"{country}-{each}" for each in regions(country)} if dash else {}
    if dash and region.upper() not in known:
        near = get_close_matches(region.upper(), known, 1)
        case = "region_near" if near else "region_far" if known else "region_none"
        args = {"case": case, "found": str(text), "near": known[near[0]] if near else "", "country": country}
        yield Problem(text.place, "S141", {**args, "known": ", ".join(known.values())})


def _nearest(code: str, text: Text, known: frozenset[str], cutoff: float = 0.5) -> Problem:
    names = sorted(known)
    near = get_close_matches(text, names, 1, cutoff) or get_close_matches(text.upper(), names, 1, cutoff)
    return problem(code, text.place, case="near" if near else "far", found=str(text), near=near[0] if near else "")


NEEDS = {"files": "path", "duckdb": "path", "sqlite": "path", "postgres": "url"}


def _source(name: str, source: Source) -> Iterator[Problem]:
    key = NEEDS[source.type]
    if getattr(source, key) is None:
        yield problem("S112", source.place, key=key)
    if source.url and _has_secret(source.url):
        yield problem("S130", source.at("url"), source=name)


# As a parameter of an address, or of a list of them: `?password=...`, `host=... password='...'`.
_PASSWORD = re.compile(r"(?:^|[?&\s])(?:ssl)?password\s*=\s*('(?:[^'\\]|\\.)*'?|[^\s&]*)")


def _has_secret(url: str) -> bool:
    """Whether a password stands in an address itself, in any of the ways in which it may."""
    login, at, _ = url.partition("://")[2].rpartition("@")
    written = [login.partition(":")[2] if at else "", *(found.strip("'") for found in _PASSWORD.findall(url))]
    return any(password and "${" not in password for password in written)


WITH = {
    "conversion": ("to", "within"),
    "funnel": ("steps",),
    "retention": ("after",),
    "reported": ("every",),
}
# Keys that only some ways of measuring read.
OF_WAYS: Map[str, tuple[str, ...]] = {
    **dict.fromkeys(("after", "until", "counted", "cohort"), ("retention",)),
    **dict.fromkeys(("steps", "strict", "excludes"), ("funnel",)),
    "within": ("active", "funnel", "conversion"),
    "at_least": ("active",),
    "to": ("conversion",),
    "options": ("recurring",),
    **dict.fromkeys(("value", "time", "row"), ("reported",)),
    "every": ("reported", "ratio", "derived"),
}


def is_whole(metric: Metric) -> bool:
    """Whether it is measured in one way, and all that its numbers depend on is there and could be read."""
    if len(metric.ways) != 1 or metric.lost - HARMLESS:
        return False
    return bool(metric.reported) or all(key in metric.places for key in WITH.get(metric.way, ()))


def _metric(name: str, metric: Metric) -> Iterator[Problem]:
    if len(metric.ways) != 1:
        if not metric.ways and metric.lost & frozenset(WAYS):
            return  # the way is there, and what is wrong with it is told
        written = ", ".join(metric.ways)
        case = "many" if written else "none"
        yield problem("S124", metric.place, case=case, metric=name, written=written, known=", ".join(WAYS))
        return
    for key in WITH.get(metric.way, ()):
        if key not in metric.places:
            yield problem("S112", metric.place, key=key)
    if metric.ratio and not (isinstance(metric.ratio.node, Binary) and metric.ratio.node.op == "/"):
        yield problem("S127", metric.ratio.text.place, text=str(metric.ratio.text))
    if metric.way == "reported" and metric.value is None and metric.row is None:
        yield problem("S112", metric.place, key="value")
    if metric.at_ and metric.way not in ("count", "count_distinct", "sum", "avg", "median", "min", "max"):
        yield problem("S131", metric.at("at"), key="at", way=metric.way)
    for key, ways in OF_WAYS.items():
        if key in metric.places and metric.way not in ways:
            yield problem("S131", metric.at(key), case="own", key=key, way=metric.way, ways=", ".join(ways))
