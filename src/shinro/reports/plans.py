"""A plan worked back -> blocks: drivers with their levels, conditions, why some are out of reach, what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from shinro.findings.plans import (
    Alone,
    Easing,
    Plan,
    PlannedCondition,
    Rung,
    Shortfall,
    Worth,
)
from shinro.periods import Period
from shinro.reports.chances import chance_text, chances_table, title, untold_lines, without_trends
from shinro.reports.dates import short_period
from shinro.reports.numbers import percent
from shinro.reports.plan_notes import notes
from shinro.reports.plan_words import (
    condition_text,
    difference,
    joined,
    level_text,
    limit_text,
    period_text,
    step_text,
    value_text,
)
from shinro.reports.readings import Telling
from shinro.reports.report import Block, Cell, Column, Heading, Line, Report, Table, lines
from shinro.series import State

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


def needs(plan: Plan, telling: Telling) -> Iterator[Block]:
    """The levels that the milestones ahead need of the drivers, and what is out of reach; nothing where none is."""
    if plan.conditions:
        yield Heading(telling.say("story.needs"))
        yield lines(telling.say("story.needs_says"), summary(plan, telling))
        yield _levers(plan, telling)
        yield lines(*(line for each in plan.shortfalls for line in _shortfall(plan, each, telling)))


def summary(plan: Plan, telling: Telling) -> Line:
    """One sentence, and how many conditions it says nothing of."""
    if not plan.conditions:
        return Line(telling.say("back.nothing" if plan.unread else "back.none"), "quiet")
    found = _summary(plan, telling)
    if not plan.unread:
        return found
    left_out = telling.words.plural("back.left_out", len(plan.unread))
    return replace(found, text=telling.sentences([found.text, left_out]))


def _summary(plan: Plan, telling: Telling) -> Line:
    if plan.shortfalls:
        every, missed = len(plan.conditions), len(plan.shortfalls)
        one = telling.say("back.infeasible_one")
        said = one if every == 1 else telling.words.plural("back.infeasible", missed, all=every)
        return Line(said, State.BEHIND)
    moved = [telling.label(each.lever.metric) for each in plan.levers if each.lever.direction and each.moved]
    if not moved:
        return Line(_unmoved(plan, telling), State.ON_COURSE)
    names = joined(moved, telling)
    return Line(telling.say("back.feasible", effort=f"{plan.effort:.2f}", drivers=names), State.ON_COURSE)


def _unmoved(plan: Plan, telling: Telling) -> str:
    """That nothing has to change, how sure that is, and which drivers may even come down to their bounds."""
    beyond = [telling.label(each.lever.metric) for each in plan.levers if each.lever.beyond]
    least = min((each.planned for each in plan.chances), default=None)
    said = [telling.say("back.unmoved")]
    said += [telling.say("back.unmoved_beyond", drivers=joined(beyond, telling))] if beyond else []
    said += [telling.say("back.unmoved_chance", chance=chance_text(least))] if least is not None else []
    return telling.sentences(said)


def _levers(plan: Plan, telling: Telling) -> Table:
    """Each driver that can be moved or is: today, at each milestone, its bound, its owner."""
    titles = [
        ", ".join(title(name, telling) for name in names) or period_text(span, plan, telling)
        for span, names in plan.knots
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
        cells += [Cell(level_text(found, lever.meaning, telling), _tone(each.moved)) for found in each.knots]
        kpi = telling.project.kpi(lever.metric)
        owners = ", ".join(map(str, kpi.owner)) if kpi else ""
        rows.append((*cells, Cell(limit_text(lever, telling), "quiet"), Cell(owners)))
    return Table(tuple(columns), tuple(rows))


def _tone(moved: bool) -> State | None:  # noqa: FBT001 - one word
    return State.ON_COURSE if moved else None


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


def _shortfall(plan: Plan, short: Shortfall, telling: Telling) -> Iterator[Line]:
    each = short.condition
    best = value_text(short.best, each.meaning, telling)
    said = {"milestone": title(each.milestone, telling), "condition": condition_text(each, telling), "best": best}
    yield Line(telling.say("back.short", **said), State.MISSED)
    planned = value_text(each.planned, each.meaning, telling)
    if planned != best and any(one.lever.whole for one in plan.levers):
        yield Line(telling.say("back.short_whole", planned=planned, best=best), "quiet", 2)
    options = [_alone(one, telling) for one in short.alone if one.needed is not None]
    if short.month:
        when, due = (period_text(one, plan, telling) for one in (short.month, each.period))
        options.append(telling.say("back.alone_day", when=when, due=due))
    text = telling.say("back.alone", options="; ".join(options)) if options else telling.say("back.no_alone")
    yield Line(text, indent=2)
    never = [telling.label(one.lever.meaning.metric) for one in short.alone if one.needed is None]
    if never and options:
        yield Line(telling.say("back.no_levels", drivers=", ".join(never)), "quiet", 2)
    if options:
        yield Line(_least(plan, short, telling), indent=2)


def _alone(one: Alone, telling: Telling) -> str:
    needed = level_text(one.needed, one.lever.meaning, telling)
    return telling.say(
        "back.alone_bound",
        driver=telling.label(one.lever.meaning.metric),
        needed=needed,
        limit=limit_text(one.lever, telling),
    )


def _least(plan: Plan, short: Shortfall, telling: Telling) -> str:
    least = short.least
    if isinstance(least, Alone):
        needed = level_text(least.needed, least.lever.meaning, telling)
        return telling.say("back.least.bound", driver=telling.label(least.lever.meaning.metric), needed=needed)
    if isinstance(least, Period):
        return telling.say("back.least.day", when=period_text(least, plan, telling))
    share = f"{percent(short.given_up or Fraction(0))}%"
    return telling.say("back.least.level", best=value_text(short.best, short.condition.meaning, telling), share=share)


def _chances(plan: Plan, telling: Telling) -> Iterator[Block]:
    """How likely the plan makes each milestone; where it is no more than likely, how to ask for a buffer."""
    said = untold_lines(plan.untold, telling)
    if not plan.chances and not said:
        return
    yield Heading(telling.say("back.chances"))
    if plan.chances:
        yield chances_table(plan.chances, telling)
    for each in plan.chances:
        if each.wanted is not None and each.planned < each.wanted - SHORT:
            words = {"reached": chance_text(each.planned), "wanted": chance_text(each.wanted)}
            words |= {"most": chance_text(each.most)} if each.most is not None else {}
            key = "back.chance_short" if each.most is not None else "back.chance_unsure"
            said.append(Line(telling.say(key, milestone=title(each.milestone, telling), **words), State.BEHIND))
    if plan.feasible and any(each.wanted is None and each.planned < SURE for each in plan.chances):
        said.append(Line(telling.say("back.chance_low"), "quiet"))
    said += without_trends(plan.chances, telling)
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
        rows.append((Cell(name), *(Cell(level_text(each.steps[n], each.lever.meaning, telling)) for each in moved)))
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
    return telling.say("back.worth", step=_step(worth, telling), gains=joined(gains, telling)) if gains else ""


def _step(worth: Worth, telling: Telling) -> str:
    side, driver = "up" if worth.step > 0 else "down", telling.label(worth.lever.metric)
    if worth.lever.meaning.percent:
        return telling.say(f"back.{side}_point", driver=driver)
    return telling.say(
        f"back.{side}_step", driver=driver, step=step_text(abs(worth.step), worth.lever.meaning, telling)
    )


def _easing(plan: Plan, easing: Easing, telling: Telling) -> str:
    efforts = {"before": f"{plan.effort:.2f}", "after": f"{easing.effort:.2f}"}
    if easing.condition:
        said = {
            "condition": condition_text(easing.condition, telling),
            "milestone": title(easing.condition.milestone, telling),
        }
        return telling.say(f"back.ease_day.{(easing.later or plan.grain).value}", **said, **efforts)
    assert easing.lever is not None  # noqa: S101 - one of the two
    return telling.say(
        "back.ease_bound",
        driver=telling.label(easing.lever.metric),
        level=level_text(easing.lever.limit, easing.lever.meaning, telling),
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
        said = [Line(_over(rung, telling), State.BEHIND) for rung in over]
        if any(rung.mean for ladder in plan.ladders for rung in ladder):
            said.append(Line(telling.say("back.means"), "quiet"))
        if said:
            yield lines(*said)


def _rung(rung: Rung, telling: Telling) -> str:
    needed = level_text(rung.needed, rung.meaning, telling)
    if rung.rate is None:
        return telling.say("back.rung", metric=telling.label(rung.metric), needed=needed)
    name, rate = rung.rate
    meaning = rung.rate_meaning
    shown = level_text(rate, meaning, telling) if meaning else f"{percent(rate)}%"
    return telling.say(
        "back.rung_rate",
        metric=telling.label(rung.metric),
        needed=needed,
        rate=telling.label(name),
        level=shown,
    )


def _over(rung: Rung, telling: Telling) -> str:
    needed, most = (level_text(each, rung.meaning, telling) for each in (rung.needed, rung.capacity))
    return telling.say("back.over_capacity", metric=telling.label(rung.metric), needed=needed, limit=most)
