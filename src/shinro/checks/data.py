"""Data: rows up to the last expected day, keys and joins that hold, nothing dropped, exports whole and dated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from shinro.checks.facts import Facts, Need
from shinro.checks.rule import Rule, rule
from shinro.definitions.columns import owner_of
from shinro.definitions.ends import begins, comes_to
from shinro.definitions.expression import names
from shinro.definitions.paid_in import COMPANYS, adds
from shinro.definitions.project import Project
from shinro.definitions.sources import Table
from shinro.loads import Joined, Load
from shinro.periods import Grain
from shinro.problems import Place, Problem, Severity, problem
from shinro.units import narrow

SHOWN = 3
MONTHS = 12  # a number above it is no month
_NUMERIC_DAY = re.compile(r"(?P<first>\d{1,2})(?P<sign>[/.-])(?P<second>\d{1,2})(?P=sign)(?P<year>\d{4}|\d{2})\b")

# What a column is called that says how far a thing has come, and what is told of an event and of nothing else.
STAGE = re.compile(
    r"stage|status|phase|lifecycle|(?:^|[_ ])state(?:$|[_ ])|outcome|result"
    r"|ステージ|ステータス|フェーズ|状態|状況|段階|結果",
    re.IGNORECASE,
)
TOLD_OF_EVENTS = re.compile(r"outcome|result|結果", re.IGNORECASE)
WON = re.compile(r"(?:^|[^a-z])won(?:$|[^a-z])|受注|成約|契約済|契約締結|^契約$|獲得", re.IGNORECASE)
LOST = re.compile(
    r"(?:^|[^a-z])(?:los[te]|reject|declin|cancel|disqualif|dead|dropped|abandon|no.?go|ng$)"
    r"|失注|敗|見送|不成立|辞退|キャンセル|中止|没|断り|他決",
    re.IGNORECASE,
)


@rule("D701", Severity.WARNING, Need.LOADS)
def reaches_the_last_day(facts: Facts) -> Iterator[Problem]:
    """A table has rows up to the last expected day: its silence is no longer than any that it had before.

    The next figure that is typed in for a period is expected once that period is over, also where there is but one yet.
    """
    for load in _loads(facts).values():
        if facts.as_of is None or load.known_until is None:
            continue
        until, expected = (
            _known_until(facts.project, load, load.known_until),
            facts.as_of - timedelta(days=load.late_by),
        )
        if max(until + timedelta(days=load.longest_gap), _next_known(facts.project, load, until)) < expected:
            yield problem(
                "D701",
                _place(facts.project, load.table),
                table=load.table,
                until=until.isoformat(),
                expected=expected.isoformat(),
                gap=load.longest_gap,
            )
        elif _is_silent(facts.project, load):
            named = {"case": "named", "newest": str(load.newest), "named": str(load.named), "gap": load.longest_gap}
            yield Problem(_place(facts.project, load.table), "D701", {"table": load.table, **named})


def _is_silent(project: Project, load: Load) -> bool:
    """Whether the rows end before the day in the file's name by more than any silence that they had before."""
    if not (load.newest and load.named):
        return False
    until = max(_known_until(project, load, load.newest), _next_known(project, load, load.newest))
    return until + timedelta(days=max(load.longest_gap, load.late_by)) < load.named


def _known_until(project: Project, load: Load, day: date) -> date:
    """The last day that its rows speak of: a figure typed in for a period speaks of all of it."""
    every = _typed_every(project, load)
    return project.calendar.period(day, every).last if every else day


def _next_known(project: Project, load: Load, until: date) -> date:
    """The last day that the next figure typed in will speak of; of other rows that is not known."""
    return _known_until(project, load, until + timedelta(days=1)) if _typed_every(project, load) else until


def _typed_every(project: Project, load: Load) -> Grain | None:
    metric = project.metric(load.table)
    return metric.every if metric and metric.reported else None


@rule("D702", None, Need.LOADS)
def keys_and_joins_hold(facts: Facts) -> Iterator[Problem]:
    """Keys are there and unique, a join finds one row and finds it, days can be read in one way only."""
    for load in _loads(facts).values():
        table = facts.project.table(load.table)
        yield from _dates(facts.project, load)
        if table:
            yield from _keys(load, table)
            for joined in load.joined:
                yield from _joined(load, joined, table)
    yield from _strangers(facts)


def _strangers(facts: Facts) -> Iterator[Problem]:
    """Conversions that nobody can come through: whom they follow is not found in the table that they come to."""
    for name, count in facts.strangers.items():
        metric, start, end = facts.project.metric(name), begins(facts.project, name), comes_to(facts.project, name)
        if metric and start and end:
            args = {"table": start.name, "column": start.entity, "other": end.name, "key": end.entity, "count": count}
            yield Problem(metric.at("to"), "D702", {"case": "strangers", "metric": name, **args}, Severity.WARNING)


def _keys(load: Load, table: Table) -> Iterator[Problem]:
    for case, count in (("repeated", load.repeated_keys), ("blank", load.null_keys)):
        if count:
            samples = ", ".join(load.key_samples)
            args = {"case": case, "table": load.table, "column": str(table.key), "count": count, "samples": samples}
            yield Problem(table.at("key"), "D702", args)


def _joined(load: Load, joined: Joined, table: Table) -> Iterator[Problem]:
    column, place = next(
        (str(column), column.place) for other, column in table.joins.items() if str(other) == joined.table
    )
    args = {"table": load.table, "column": column, "other": joined.table, "samples": ", ".join(joined.samples)}
    if joined.repeated:
        yield Problem(place, "D702", {**args, "case": "many", "count": joined.repeated})
    if joined.orphans:
        yield Problem(place, "D702", {**args, "case": "orphans", "count": joined.orphans}, Severity.WARNING)
    if joined.nulls:
        yield Problem(place, "D702", {**args, "case": "alone", "count": joined.nulls}, Severity.INFO)


def _dates(project: Project, load: Load) -> Iterator[Problem]:
    unsure = [reject for reject in load.rejects if reject.reason == "ambiguous date"]
    if unsure:
        place = _place(project, load.table)
        values = dict.fromkeys(reject.value for reject in unsure)
        deciding = {value: order for value in values if (order := _order(value))}
        orders = set(deciding.values())
        shown = deciding if len(orders) == 1 else values
        args = {"case": "dates", "table": load.table, "column": unsure[0].column, "samples": ", ".join(shown)}
        if len(orders) == 1:
            args |= {"case": "one_order", "order": orders.pop()}
        yield Problem(place, "D702", {**args, "source": load.source, "count": len(unsure)})


def _order(value: str) -> str:
    """The one format in which a day can be read (`16/01/2026`: `%d/%m/%Y`); nothing where both orders can be."""
    found = _NUMERIC_DAY.match(narrow(value).strip())
    if found is None or max(int(found["first"]), int(found["second"])) <= MONTHS:
        return ""
    parts = ("%d", "%m") if int(found["first"]) > MONTHS else ("%m", "%d")
    return found["sign"].join([*parts, "%Y" if len(found["year"]) > len("26") else "%y"])


@rule("D703", Severity.WARNING, Need.LOADS)
def rejects_are_shown(facts: Facts) -> Iterator[Problem]:
    """Rows that could not be read are counted, and some are shown."""
    for load in _loads(facts).values():
        if load.rejected:
            args = {"table": load.table, "rejected": load.rejected, "read": load.rows}
            args |= {"samples": load.rejects[:SHOWN], "currency": str(facts.project.currency or COMPANYS)}
            reasons = {each.reason for each in load.rejects}
            if "total" in reasons:
                args["case"] = "totals"
            elif reasons == {"currency"}:
                args["case"] = "currency"
            yield Problem(_place(facts.project, load.table), "D703", args, Severity.WARNING)


@rule("D705", Severity.WARNING, Need.LOADS)
def rows_are_dated(facts: Facts) -> Iterator[Problem]:
    """A row without its day lies in no period, so that no count over time holds it."""
    for load in _loads(facts).values():
        table = facts.project.table(load.table)
        if table and load.undated:
            args = {"table": load.table, "column": str(table.time), "undated": load.undated, "rows": load.rows}
            yield Problem(table.at("time"), "D705", args)


@rule("D706", Severity.WARNING, Need.LOADS)
def exports_are_whole(facts: Facts) -> Iterator[Problem]:
    """An export in which nobody ever left and nothing was ever lost was likely filtered."""
    for load in _loads(facts).values():
        table = facts.project.table(load.table)
        if table is None:
            continue
        if load.rows and load.ended == 0:
            yield problem("D706", table.at("ends"), case="ended", table=load.table, column=str(table.ends))
        for column, values in load.values.items():
            if STAGE.search(column) and any(map(WON.search, values)) and not any(map(LOST.search, values)):
                seen = ", ".join(values)
                yield problem("D706", table.place, case="lost", table=load.table, column=column, values=seen)


@rule("D707", Severity.WARNING, Need.LOADS)
def stages_are_dated(facts: Facts) -> Iterator[Problem]:
    """A stage that is counted by has a date for each of its steps, else the next export rewrites the past."""
    for table, column in dict.fromkeys(_stages(facts.project)):
        found, load = facts.project.table(table), _loads(facts).get(table)
        values = load.values.get(column, ()) if load else ()
        steps = [value for value in values if not (WON.search(value) or LOST.search(value))]
        needed = len(steps) + (len(steps) < len(values))
        if found and needed > len(found.dates):
            yield problem(
                "D707",
                found.place,
                table=table,
                column=column,
                values=", ".join(values),
                needed=needed,
                dates=", ".join(found.dates) or "–",
            )


def _stages(project: Project) -> Iterator[tuple[str, str]]:
    """The stage columns that a `where` reads, in tables whose rows are things that move on, not events."""
    for metric in project.metrics.values():
        if not (metric.where and metric.table):
            continue
        for name in names(metric.where.node):
            table, column = (metric.table, name.name) if name.part is None else (name.name, name.part)
            found = project.table(owner_of(project, metric.table, table))
            if found and STAGE.search(column) and _moves_on(found, column):
                yield table, column


def _moves_on(table: Table, column: str) -> bool:
    """Whether its rows are things with a course of their own: the row is the entity, or nothing says otherwise."""
    if table.entity is None:
        return not TOLD_OF_EVENTS.search(column)
    return table.entity == table.key


@rule("D710", Severity.ERROR, Need.LOADS)
def words_of_terms_are_known(facts: Facts) -> Iterator[Problem]:
    """Intervals, states and currencies are such as amounts can be told from; else there is no number at all."""
    for metric, strange in facts.strange.items():
        found = facts.project.metric(metric)
        if found and (found.recurring or adds(facts.project, found)):
            table = str(found.recurring or found.table)
            args = {"case": strange.kind, "metric": metric, "table": table, "column": strange.column}
            yield Problem(found.place, "D710", {**args, "words": ", ".join(strange.words[:SHOWN])})


def _loads(facts: Facts) -> Mapping[str, Load]:
    return facts.loads or {}


def _place(project: Project, name: str) -> Place:
    """Where a load's table, or the metric that is typed in, is defined."""
    table, metric = project.table(name), project.metric(name)
    return table.place if table else metric.place if metric else project.place


RULES: tuple[Rule, ...] = (
    reaches_the_last_day,
    keys_and_joins_hold,
    rejects_are_shown,
    rows_are_dated,
    exports_are_whole,
    stages_are_dated,
    words_of_terms_are_known,
)
