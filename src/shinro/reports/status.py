"""Status -> report: the star, what is in focus, each department's, milestones, three questions, the worst problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from shinro.definitions.project import Project
from shinro.findings.readings import Freshness, Reading, Status
from shinro.reports.answers import answer_lines
from shinro.reports.dates import day
from shinro.reports.explain import headline
from shinro.reports.forecasts import odds_text
from shinro.reports.goalposts import moved_goalposts
from shinro.reports.last_read import read_texts
from shinro.reports.milestones import milestone_blocks
from shinro.reports.problems import problem_lines
from shinro.reports.readings import Telling, readings_blocks
from shinro.reports.report import Block, Heading, Line, Lines, Report, lines
from shinro.reports.review_lines import action_line
from shinro.reports.words import Words
from shinro.series import Meaning, State

WORST = 3
SHOWN_ACTIONS = 3


def status_report(status: Status, project: Project, words: Words, meanings: Mapping[str, Meaning]) -> Report:
    """Where we are, to be read from the top. What is not there yet says how to get it."""
    telling = Telling(words, project)
    company = status.company or telling.say("status.no_company")
    title = telling.say("status.title", company=company, day=day(status.as_of, words.lang))
    return Report(words.lang, (Heading(title, 1), *_blocks(status, telling, meanings)))


def _blocks(status: Status, telling: Telling, meanings: Mapping[str, Meaning]) -> Iterator[Block]:
    yield from _section("status.star", _star(status, telling), telling)
    yield from _section("status.focus", _tabled(status.focus, _no_focus(telling), telling), telling)
    for name, readings in status.departments:
        if readings:
            yield Heading(telling.department(name))
            yield from readings_blocks(readings, telling)
    if status.actions:
        yield lines(Line(open_actions(status, telling), State.BEHIND if _overdue(status) else None))
    if status.segments:
        yield from _section("status.segments", readings_blocks(status.segments, telling), telling)
    others = [reading for reading in status.others if reading != _guardrail(status, telling)]
    if others:
        yield from _section("status.others", readings_blocks(others, telling), telling)
    yield from _section("status.milestones", _milestones(status, telling), telling)
    if moved := tuple(moved_goalposts(telling)):
        yield from _section("back.moved", [lines(*moved)], telling)
    answers = Lines(tuple(answer_lines(status.answers, meanings, telling)))
    yield from _section("status.questions", [answers], telling)
    yield from _section("status.problems", [_problems(status, telling)], telling)
    yield from _section("status.data", [Lines(tuple(_data(status, telling)))], telling)


def open_actions(status: Status, telling: Telling) -> str:
    """The actions of the reviews that are open, in one line, the first of them named."""
    late = _overdue(status)
    over = telling.words.plural("review.open_over", late) if late else ""
    named = telling.say("list.comma").join(
        action_line(each, status.as_of, telling) for each in status.actions[:SHOWN_ACTIONS]
    )
    more = len(status.actions) - SHOWN_ACTIONS
    said = {"over": over, "actions": named + (telling.words.plural("review.open_more", more) if more > 0 else "")}
    return telling.words.plural("review.open", len(status.actions), **said)


def _overdue(status: Status) -> int:
    return sum(bool(each.days_over(status.as_of)) for each in status.actions)


def _section(key: str, blocks: Iterable[Block], telling: Telling) -> Iterator[Block]:
    yield Heading(telling.say(key))
    yield from blocks


def _star(status: Status, telling: Telling) -> Iterator[Block]:
    if status.star is None:
        yield lines(telling.say("status.no_star"))
        return
    star = telling.project.star
    if star and star.meaning:
        yield lines(Line(star.meaning.in_(telling.lang), "quiet"))
    guardrail = _guardrail(status, telling)
    yield from readings_blocks([status.star, guardrail] if guardrail else [status.star], telling)
    if status.why and status.why.period:
        told = [status.why, *([status.why.beside] if status.why.beside else [])]
        yield Lines(tuple(Line(headline(each, telling)) for each in told))


def _guardrail(status: Status, telling: Telling) -> Reading | None:
    """The reading of what must not suffer while the star rises, wherever it stands; None where no star is shown."""
    star = telling.project.star
    owned = [reading for _, readings in status.departments for reading in readings]
    every = (*status.others, *status.focus, *owned)
    return next((each for each in every if status.star and star and each.metric == str(star.guardrail)), None)


def _no_focus(telling: Telling) -> str:
    """Why the list of KPIs is empty: the star, which stands above it, may be marked itself."""
    star = telling.project.star
    kpi = telling.project.kpi(str(star.metric)) if star else None
    return "status.only_star" if kpi and kpi.focus else "status.no_focus"


def _tabled(readings: tuple[Reading, ...], empty: str, telling: Telling) -> Iterator[Block]:
    if not readings:
        yield lines(telling.say(empty))
    else:
        yield from readings_blocks(readings, telling)


def _milestones(status: Status, telling: Telling) -> Iterator[Block]:
    if not status.milestones:
        yield lines(telling.say("status.no_milestones"))
    yield from milestone_blocks(status.milestones, telling, chances_said(status, telling))
    if note := chances_note(status, telling):
        yield lines(Line(note, "quiet"))


def chances_said(status: Status, telling: Telling) -> Mapping[str, str]:
    """By milestone how likely it is to hold, where that was found of just this state."""
    chances = (status.odds and status.odds.chances) or {}
    known = {title: found for title, found in chances.items() if found is not None}
    return {title: telling.say("story.odds", odds=odds_text(found)) for title, found in known.items()}


def chances_note(status: Status, telling: Telling) -> str:
    """Of which day the probabilities are, or how to get them; nothing where no milestone lies ahead."""
    if not any((each.days_left or 0) > 0 and each.conditions for each in status.milestones):
        return ""
    if status.odds is None:
        return telling.say("status.no_odds")
    key = "status.old_odds" if status.odds.chances is None else "status.odds"
    return telling.say(key, day=day(status.odds.as_of, telling.lang))


def _problems(status: Status, telling: Telling) -> Lines:
    found = [line for problem in status.problems[:WORST] for line in problem_lines(problem, telling.words)]
    others = len(status.problems) - WORST
    if not found:
        found.append(Line(telling.say("problems.none")))
    if others > 0:
        found.append(Line(telling.words.plural("status.more_problems", others), "quiet"))
    return Lines(tuple(found))


def _data(status: Status, telling: Telling) -> Iterator[Line]:
    if not status.freshness:
        yield Line(telling.say("status.no_data"))
    for fresh in status.freshness:
        yield Line(_fresh(fresh, telling))
    yield from (Line(text, "quiet") for text in read_texts(status.freshness, telling))
    if status.unmeasured:
        yield from unmeasured_lines(status, telling)


def _fresh(fresh: Freshness, telling: Telling) -> str:
    until = fresh.known_until or fresh.newest
    known = telling.say("data.until", day=day(until, telling.lang)) if until else telling.say("data.no_day")
    rejected = telling.words.plural("data.rejected", fresh.rejected) if fresh.rejected else ""
    return telling.words.plural(
        "data.table",
        fresh.rows,
        table=fresh.table,
        source=fresh.source,
        known=known,
        rows=f"{fresh.rows:,}",
        rejected=rejected,
    )


def unmeasured_lines(status: Status, telling: Telling) -> Iterator[Line]:
    """Metrics without numbers, gathered by why."""
    reasons = dict.fromkeys(why for _, why in status.unmeasured)
    for reason in reasons:
        metrics = [metric for metric, why in status.unmeasured if why == reason]
        yield Line(telling.say(reason, metrics=telling.labels(metrics), n=len(metrics)))
