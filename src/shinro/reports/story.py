"""Status -> story: what a company's readers are told on one page, in one language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from shinro.definitions.project import Project
from shinro.definitions.tree import below, explained_by, influenced_by
from shinro.findings.readings import ConditionReading, Freshness, MilestoneReading, Months, Reading, Status
from shinro.problems import Problem
from shinro.reports.answers import answer_text
from shinro.reports.cards import badge, card, every_reading, severity_badge, trees
from shinro.reports.charts import chart
from shinro.reports.dates import day, span
from shinro.reports.efforts import efforts, under_way
from shinro.reports.last_read import moment_text
from shinro.reports.milestones import condition_text, condition_value, milestone_name, when_text, why_unknown
from shinro.reports.numbers import level
from shinro.reports.parts import Aim, Concern, Fix, Group, Odds, Reply, Sheet, Stage, Story, Studies
from shinro.reports.problems import next_move, says
from shinro.reports.readings import Telling
from shinro.reports.reasons import brought_to_star, reasons
from shinro.reports.status import unmeasured_lines
from shinro.reports.words import Words
from shinro.series import Meaning, State

CONCERNS = 3
CHARTS = 6
WRONG = (State.BEHIND, State.MISSED)


@dataclass(frozen=True, slots=True)
class Gist:
    """All that a story is told from; `months` are the charted metrics in the order of `charted`."""

    status: Status
    project: Project
    meanings: Mapping[str, Meaning]
    months: tuple[Months, ...]
    studies: Mapping[str, Studies] = field(default_factory=dict)  # by language


def charted(project: Project) -> tuple[str, ...]:
    """The metrics whose months are shown: the star, what is in focus, the guardrail, outcomes, traction's numbers."""
    star = project.star
    first = [str(star.metric)] if star else []
    focus = [str(metric) for metric, kpi in project.kpis.items() if kpi.focus]
    after = [str(metric) for metric in (star.guardrail, *star.outcomes) if metric] if star else []
    told = [str(metric) for one in project.traction for metric in (one.headline, *one.supports)]
    return tuple(dict.fromkeys((*first, *focus, *after, *told)))[:CHARTS]


def story(gist: Gist, words: Words) -> Story:
    """The story in one language. Cost: linear in what it shows; nothing is drawn here."""
    status, project, telling = gist.status, gist.project, Telling(words, gist.project)
    company = status.company or telling.say("status.no_company")
    readings = every_reading(status)
    told = gist.studies.get(words.lang, Studies())
    odds = {each.title: each for each in told.odds}
    stages = tuple(
        _stage(milestone, status.as_of, odds.get(milestone.title), telling) for milestone in status.milestones
    )
    star = project.star
    guardrail = readings.get(str(star.guardrail)) if star and star.guardrail else None
    return Story(
        lang=words.lang,
        company=company,
        as_of=day(status.as_of, words.lang),
        title=telling.say("story.title", company=company),
        picture=project.story.picture.in_(words.lang) if project.story and project.story.picture else "",
        span=_span(gist, telling),
        star=card(status.star, telling) if status.star else None,
        meaning=star.meaning.in_(words.lang) if star and star.meaning else "",
        guardrail=card(guardrail, telling) if guardrail else None,
        replies=tuple(_replies(gist, telling)),
        concerns=_concerns(gist, readings, telling),
        calm=_calm(status, readings, telling),
        reasons=told.reasons or reasons(status.why, telling),
        trees=trees(status, brought_to_star(status.why, telling), telling),
        departments=_departments(status, telling),
        segments=tuple(card(reading, telling) for reading in status.segments),
        charts=tuple(chart(found, project.initiatives, telling) for found in gist.months if found.points),
        began=day(project.story.starts, words.lang) if project.story else "",
        stages=stages,
        ahead=next((stage for stage in stages if not stage.past), None),
        efforts=efforts(readings, status.as_of, told.seen, telling),
        fixes=tuple(_fix(problem, words) for problem in status.problems),
        sheets=tuple(_sheet(fresh, telling) for fresh in status.freshness),
        unmeasured=tuple(line.text for line in unmeasured_lines(status, telling)),
        leads=told.leads,
        seen=told.seen,
        fans=told.fans,
        tracks=told.tracks,
        needs=told.needs,
    )


def _span(gist: Gist, telling: Telling) -> str:
    """From the story's first day to the last milestone's."""
    starts = gist.project.story.starts if gist.project.story else None
    ends = [milestone.due for milestone in gist.status.milestones if milestone.due]
    if starts is None or not ends:
        return ""
    return telling.say("story.span", first=day(starts, telling.lang), last=day(max(ends), telling.lang))


def _replies(gist: Gist, telling: Telling) -> Iterator[Reply]:
    for answer in gist.status.answers:
        asks = telling.say(f"q{answer.question}.asks")
        yield Reply(asks, answer_text(answer, gist.meanings, telling), answer.fine)


def _departments(status: Status, telling: Telling) -> tuple[Group, ...]:
    return tuple(
        Group(telling.department(name), tuple(card(reading, telling) for reading in readings))
        for name, readings in status.departments
        if readings
    )


def _concerns(gist: Gist, readings: Mapping[str, Reading], telling: Telling) -> tuple[Concern, ...]:
    """The first three that are behind: the star, what is in focus, what departments own, outcomes, all others."""
    owned = [reading.metric for _, found in gist.status.departments for reading in found]
    star = gist.project.star
    tops = [str(metric) for metric in (star.metric, star.guardrail) if metric] if star else []
    focus = [reading.metric for reading in gist.status.focus]
    outcomes = map(str, star.outcomes) if star else ()
    order = dict.fromkeys((*tops[:1], *focus, *owned, *tops[1:], *outcomes, *readings))
    behind = [readings[metric] for metric in order if metric in readings and readings[metric].state in WRONG]
    return tuple(Concern(card(each, telling), _doing(gist, each, readings, telling)) for each in behind[:CONCERNS])


def _calm(status: Status, readings: Mapping[str, Reading], telling: Telling) -> str:
    """What stands where no number is behind: a condition of a milestone may be, which is read over days of its own."""
    late = [each.metric for one in status.milestones for each in one.conditions if each.state is State.BEHIND]
    if late:
        return telling.say("story.conditions_behind", metrics=telling.labels(tuple(dict.fromkeys(late))))
    return telling.say("story.all_well" if _judged(readings.values()) else "story.no_judgement")


def _judged(readings: Iterable[Reading]) -> bool:
    """Whether anything stands against a target, and is known."""
    return any(reading.state in (State.AHEAD, State.ON_COURSE, State.REACHED) for reading in readings)


def _doing(gist: Gist, reading: Reading, readings: Mapping[str, Reading], telling: Telling) -> str:
    """What is under way for a number; else which of its drivers are behind; else that nothing is."""
    running = under_way(reading, gist.status.as_of, telling)
    if running:
        return telling.say("story.doing", names=telling.say("list.comma").join(running))
    inside = below([reading.metric], explained_by(gist.project), influenced_by(gist.project)) - {reading.metric}
    late = [metric for metric in readings if metric in inside and readings[metric].state in WRONG]
    if late:
        return telling.say("story.through", metrics=telling.labels(late))
    return telling.say("story.nothing_done")


def _stage(milestone: MilestoneReading, as_of: date, odds: Odds | None, telling: Telling) -> Stage:
    return Stage(
        title=milestone_name(milestone.title, telling),
        when=when_text(milestone, telling),
        badge=badge(milestone.state, telling),
        early=telling.say("milestone.early") if milestone.early else "",
        aims=tuple(_aim(condition, telling) for condition in milestone.conditions),
        past=milestone.due is not None and milestone.due <= as_of,
        odds=odds,
    )


def _aim(reading: ConditionReading, telling: Telling) -> Aim:
    return Aim(
        text=condition_text(reading, telling),
        badge=badge(reading.state, telling),
        value=condition_value(reading, telling),
        expected="" if reading.expected is None else level(reading.expected, reading.meaning, telling.lang),
        progress=reading.progress,
        period=span(reading.period, telling.lang) if reading.period else "",
        why=why_unknown(reading, telling),
    )


def _fix(problem: Problem, words: Words) -> Fix:
    found = severity_badge(problem.severity, words)
    return Fix(found, problem.code, str(problem.place), says(problem, words), next_move(problem, words))


def _until(until: date | None, fresh: Freshness, telling: Telling) -> str:
    known = day(until, telling.lang) if until else telling.say("data.no_day")
    at = moment_text(fresh.read_at, telling) if fresh.read_at else ""
    return telling.say("data.read_until", until=known, at=at) if at else known


def _sheet(fresh: Freshness, telling: Telling) -> Sheet:
    until = fresh.known_until or fresh.newest
    return Sheet(
        table=fresh.table,
        source=fresh.source,
        until=_until(until, fresh, telling),
        rows=f"{fresh.rows:,}",
        rejected=f"{fresh.rejected:,}",
        files=telling.say("list.comma").join(fresh.files),
    )
