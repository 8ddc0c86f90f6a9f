"""A plan worked back -> blocks: drivers with their levels, conditions, why some are out of reach, what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from shinro.definitions.phrases import condition as read_condition
from shinro.definitions.tokens import Mistake
from shinro.definitions.unfolding import ARROW
from shinro.findings.plans import (
    Alone,
    Easing,
    Lever,
    Origin,
    Plan,
    PlannedCondition,
    Rung,
    Shortfall,
    Worth,
)
from shinro.periods import Period
from shinro.reports.chances import chance_text, chances_table, title
from shinro.reports.dates import day, period, short_period
from shinro.reports.milestones import OPS, over_text
from shinro.reports.numbers import grouped, level, number, percent, signed
from shinro.reports.readings import Telling
from shinro.reports.report import Block, Cell, Column, Heading, Line, Report, Table, lines
from shinro.series import Meaning, State

MOST_PATHS = 6  # drivers whose path is shown period by period
MOST_PERIODS = 18
SHORT, SURE = 0.01, 0.7  # how much less than wanted is told; below what a buffer is offered


def plan_report(plan: Plan, telling: Telling) -> Report:
    """The whole answer, what matters most first."""
    return Report(telling.lang, (Heading(telling.say("back.title"), 1), *plan_blocks(plan, telling)))


def plan_blocks(plan: Plan, telling: Telling) -> Iterator[Block]:
    """The blocks of a plan."""
    yield lines(summary(plan, telling))
    if plan.conditions:
        yield Heading(telling.say("back.levers"))
        yield _levers(plan, telling)
        yield Heading(telling.say("back.conditions"))
        yield conditions_table(plan.conditions, telling)
    if plan.shortfalls:
        yield Heading(telling.say("back.reasons"))
        yield lines(*(line for each in plan.shortfalls for line in _shortfall(plan, each, telling)))
    yield from _chances(plan, telling)
    yield from _paths(plan, telling)
    yield from _worths(plan, telling)
    yield from _ladders(plan, telling)
    yield Heading(telling.say("back.notes"))
    yield lines(*(Line(text, "quiet") for text in notes(plan, telling)))


def summary(plan: Plan, telling: Telling) -> Line:
    """One sentence."""
    if not plan.conditions:
        return Line(telling.say("back.nothing" if plan.unread else "back.none"), "quiet")
    if plan.shortfalls:
        said = telling.words.plural("back.infeasible", len(plan.shortfalls), all=len(plan.conditions))
        return Line(said, State.BEHIND)
    moved = [telling.label(each.lever.metric) for each in plan.levers if each.lever.direction and each.moved]
    if not moved:
        return Line(telling.say("back.unmoved"), State.ON_COURSE)
    names = ("、" if telling.lang == "ja" else ", ").join(moved)
    return Line(telling.say("back.feasible", effort=f"{plan.effort:.2f}", drivers=names), State.ON_COURSE)


def _levers(plan: Plan, telling: Telling) -> Table:
    """Each driver that can be moved or is: today, at each milestone, its bound, its owner."""
    titles = [
        ", ".join(title(name, telling) for name in names) or _period(span, plan, telling) for span, names in plan.knots
    ]
    columns = [Column(telling.say("back.driver"), main=True), Column(telling.say("back.today"), "right")]
    columns += [Column(each, "right", main=n == len(titles) - 1) for n, each in enumerate(titles)]
    columns += [Column(telling.say("back.limit"), "right"), Column(telling.say("status.owner"))]
    rows = []
    for each in plan.levers:
        lever = each.lever
        if not lever.direction and not lever.beyond:
            continue
        cells = [Cell(telling.label(lever.metric), "strong"), Cell(value_text(lever.start, lever.meaning, telling))]
        cells += [Cell(_level(found, lever.meaning, telling), _tone(each.moved)) for found in each.knots]
        kpi = telling.project.kpi(lever.metric)
        owners = ", ".join(map(str, kpi.owner)) if kpi else ""
        rows.append((*cells, Cell(limit_text(lever, telling), "quiet"), Cell(owners)))
    return Table(tuple(columns), tuple(rows))


def _tone(moved: bool) -> State | None:  # noqa: FBT001 - one word
    return State.ON_COURSE if moved else None


def limit_text(lever: Lever, telling: Telling) -> str:
    """How far a driver may go."""
    text = _level(lever.limit, lever.meaning, telling)
    assumed = lever.origin is Origin.ASSUMED and lever.direction
    return telling.say("back.limit_assumed", level=text) if assumed else text


def _level(value: Fraction | None, meaning: Meaning, telling: Telling) -> str:
    return level(value, meaning, telling.lang)


def value_text(value: Fraction | None, meaning: Meaning, telling: Telling) -> str:
    """A value, of a count no finer than it is steered by."""
    whole = (
        value is not None
        and value.denominator != 1
        and any(base.startswith("count:") for base, _ in meaning.unit.powers)
    )
    return level(value, meaning, telling.lang) if whole else number(value, meaning, telling.lang)


def conditions_table(conditions: Iterable[PlannedCondition], telling: Telling, after: str = "back.planned") -> Table:
    """Each condition: as things are, as they would be, whether it is reached."""
    columns = (
        Column(telling.say("back.milestone")),
        Column(telling.say("milestone.condition"), main=True),
        Column(telling.say("back.unchanged"), "right"),
        Column(telling.say(after), "right", main=True),
        Column(telling.say("back.verdict"), main=True, bare=True),
    )
    rows = tuple(
        (
            Cell(title(each.milestone, telling)),
            Cell(condition_text(each, telling), "strong"),
            Cell(value_text(each.unchanged, each.meaning, telling)),
            Cell(value_text(each.planned, each.meaning, telling)),
            Cell(
                telling.say("back.holds" if each.holds else "back.fails"), State.REACHED if each.holds else State.MISSED
            ),
        )
        for each in conditions
    )
    return Table(columns, rows)


def condition_text(each: PlannedCondition, telling: Telling) -> str:
    """A condition in the reader's words."""
    asked = f"{OPS.get(each.op, each.op)} {_level(each.level, each.meaning, telling)}"
    try:
        over = over_text(read_condition(each.text).reading, telling)
    except Mistake:
        over = ""
    return f"{telling.label(each.metric)} {asked}{over}"


def _shortfall(plan: Plan, short: Shortfall, telling: Telling) -> Iterator[Line]:
    each = short.condition
    best = value_text(short.best, each.meaning, telling)
    said = {"milestone": title(each.milestone, telling), "condition": condition_text(each, telling), "best": best}
    yield Line(telling.say("back.short", **said), State.MISSED)
    options = [_alone(one, telling) for one in short.alone if one.needed is not None]
    if short.month:
        when, due = (_period(one, plan, telling) for one in (short.month, each.period))
        options.append(telling.say("back.alone_day", when=when, due=due))
    text = telling.say("back.alone", options="; ".join(options)) if options else telling.say("back.no_alone")
    yield Line(text, indent=2)
    never = [telling.label(one.lever.metric) for one in short.alone if one.needed is None]
    if never and options:
        yield Line(telling.say("back.no_levels", drivers=", ".join(never)), "quiet", 2)
    if options:
        yield Line(_least(plan, short, telling), indent=2)


def _alone(one: Alone, telling: Telling) -> str:
    needed = _level(one.needed, one.lever.meaning, telling)
    return telling.say(
        "back.alone_bound", driver=telling.label(one.lever.metric), needed=needed, limit=limit_text(one.lever, telling)
    )


def _least(plan: Plan, short: Shortfall, telling: Telling) -> str:
    least = short.least
    if isinstance(least, Alone):
        needed = _level(least.needed, least.lever.meaning, telling)
        return telling.say("back.least.bound", driver=telling.label(least.lever.metric), needed=needed)
    if isinstance(least, Period):
        return telling.say("back.least.day", when=_period(least, plan, telling))
    share = f"{percent(short.given_up or Fraction(0))}%"
    return telling.say("back.least.level", best=value_text(short.best, short.condition.meaning, telling), share=share)


def _period(span: Period, plan: Plan, telling: Telling) -> str:
    return period(span, plan.grain, telling.calendar, telling.words)


def _chances(plan: Plan, telling: Telling) -> Iterator[Block]:
    """How likely the plan makes each milestone; where it is no more than likely, how to ask for a buffer."""
    if not plan.chances:
        return
    yield Heading(telling.say("back.chances"))
    yield chances_table(plan.chances, telling)
    said = []
    for each in plan.chances:
        if each.wanted is not None and each.planned < each.wanted - SHORT:
            words = {"reached": chance_text(each.planned), "wanted": chance_text(each.wanted)}
            said.append(
                Line(telling.say("back.chance_short", milestone=title(each.milestone, telling), **words), State.BEHIND)
            )
    if plan.feasible and any(each.wanted is None and each.planned < SURE for each in plan.chances):
        said.append(Line(telling.say("back.chance_low"), "quiet"))
    if said:
        yield lines(*said)


def _paths(plan: Plan, telling: Telling) -> Iterator[Block]:
    """The levels of the drivers that move, period by period."""
    moved = [each for each in plan.levers if each.lever.direction and each.moved][:MOST_PATHS]
    if not moved or len(plan.periods) < 2:  # noqa: PLR2004 - one period is in the first table
        return
    yield Heading(telling.say(f"back.path.{plan.grain.value}"))
    columns = [Column(telling.say("status.period"), main=True)]
    columns += [Column(telling.label(each.lever.metric), "right") for each in moved]
    rows = []
    for n, span in enumerate(plan.periods[:MOST_PERIODS]):
        name = short_period(span, plan.grain, telling.calendar, telling.words)
        rows.append((Cell(name), *(Cell(_level(each.path[n], each.lever.meaning, telling)) for each in moved)))
    yield Table(tuple(columns), tuple(rows))


def _worths(plan: Plan, telling: Telling) -> Iterator[Block]:
    said = [text for each in plan.worths if (text := worth_text(plan, each, telling))]
    said += [_easing(plan, each, telling) for each in plan.easings]
    if said:
        yield Heading(telling.say("back.worths"))
        yield lines(*said)


def worth_text(plan: Plan, worth: Worth, telling: Telling) -> str:
    """`One more point of reply rate, from now on: qualified leads +76.8 by m12, ...`: each metric's last condition."""
    last = {condition.metric: (condition, gain) for condition, gain in worth.gains}
    gains = [
        telling.say(
            "back.gain",
            metric=telling.label(metric),
            gain=difference(gain, condition.meaning, telling),
            milestone=title(condition.milestone, telling),
        )
        for metric, (condition, gain) in last.items()
    ]
    del plan
    joined = ("、" if telling.lang == "ja" else ", ").join(gains)
    return telling.say("back.worth", step=_step(worth, telling), gains=joined) if gains else ""


def difference(gain: Fraction, meaning: Meaning, telling: Telling) -> str:
    """A difference with its sign: points of a percentage, else the metric's own numbers."""
    if meaning.percent:
        return signed(gain * 100, "pt")
    sign = "" if gain < 0 else "+"
    return f"{sign}{value_text(gain, meaning, telling)}"


def _step(worth: Worth, telling: Telling) -> str:
    side, driver = "up" if worth.step > 0 else "down", telling.label(worth.lever.metric)
    if worth.lever.meaning.percent:
        return telling.say(f"back.{side}_point", driver=driver)
    return telling.say(
        f"back.{side}_step", driver=driver, step=value_text(abs(worth.step), worth.lever.meaning, telling)
    )


def _easing(plan: Plan, easing: Easing, telling: Telling) -> str:
    efforts = {"before": f"{plan.effort:.2f}", "after": f"{easing.effort:.2f}"}
    if easing.condition:
        said = {
            "condition": condition_text(easing.condition, telling),
            "milestone": title(easing.condition.milestone, telling),
        }
        return telling.say(f"back.ease_day.{plan.grain.value}", **said, **efforts)
    assert easing.lever is not None  # noqa: S101 - one of the two
    return telling.say(
        "back.ease_bound",
        driver=telling.label(easing.lever.metric),
        level=_level(easing.lever.limit, easing.lever.meaning, telling),
        **efforts,
    )


def _ladders(plan: Plan, telling: Telling) -> Iterator[Block]:
    if plan.ladders:
        yield Heading(telling.say("back.ladders"))
        yield lines(*(" → ".join(_rung(rung, telling) for rung in ladder) for ladder in plan.ladders))
        over = [
            rung
            for ladder in plan.ladders
            for rung in ladder
            if rung.capacity is not None and rung.needed > rung.capacity
        ]
        if over:
            yield lines(*(Line(_over(rung, telling), State.BEHIND) for rung in over))


def _rung(rung: Rung, telling: Telling) -> str:
    needed = _level(rung.needed, rung.meaning, telling)
    if rung.rate is None:
        return telling.say("back.rung", metric=telling.label(rung.metric), needed=needed)
    name, rate = rung.rate
    parts = [telling.label(part) for part in name.split(f" {ARROW} ")]
    meaning = rung.rate_meaning
    shown = _level(rate, meaning, telling) if meaning else f"{percent(rate)}%"
    return telling.say(
        "back.rung_rate",
        metric=telling.label(rung.metric),
        needed=needed,
        rate=f" {ARROW} ".join(parts),
        level=shown,
    )


def _over(rung: Rung, telling: Telling) -> str:
    needed, most = (_level(each, rung.meaning, telling) for each in (rung.needed, rung.capacity))
    return telling.say("back.over_capacity", metric=telling.label(rung.metric), needed=needed, limit=most)


def notes(plan: Plan, telling: Telling) -> Iterator[str]:
    """What a plan rests on, each in a sentence."""
    yield telling.say("back.base", base=_period(plan.base, plan, telling))
    for each in plan.assumptions:
        said = {"from": telling.label(each.from_), "to": telling.label(each.to), "rate": grouped(each.rate, 2)}
        lag = telling.words.plural(f"length.{plan.grain.value}", each.lag)
        yield telling.say("back.bridge", **said, lag=lag, status=telling.say(f"back.status.{each.status}"))
    free = [each.lever for each in plan.levers if each.lever.direction and each.lever.origin is Origin.ASSUMED]
    if free:
        names = ("、" if telling.lang == "ja" else ", ").join(telling.label(lever.metric) for lever in free)
        yield telling.say("back.assumed", drivers=names)
    for lever in (each.lever for each in plan.levers if each.lever.beyond):
        levels = {
            "start": value_text(lever.start, lever.meaning, telling),
            "limit": _level(lever.limit, lever.meaning, telling),
        }
        yield telling.say("back.beyond", driver=telling.label(lever.metric), **levels)
    if plan.chances and plan.silent:
        names = ("、" if telling.lang == "ja" else ", ").join(map(telling.label, plan.silent))
        yield telling.say("back.silent", drivers=names)
    if not plan.exact:
        yield telling.say("back.inexact")
    for metric, target in telling.project.targets.items():
        for former in target.before:
            kept = {"before": former.was, "until": day(former.until, telling.lang)}
            yield telling.say("back.kept", metric=telling.label(str(metric)), **kept)
    for text, why in plan.unread:
        yield telling.say("back.unread", condition=text, why=telling.say(why))
