"""Review -> document: what a meeting looks at, in the order in which it talks: where we are, why, what follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shinro.findings.effects import Effect
from shinro.findings.readings import MilestoneReading, Reading
from shinro.findings.reviews import Change, Review, Taken, What
from shinro.periods import Grain
from shinro.problems import Severity
from shinro.reports.dates import day
from shinro.reports.document import Bullets, Document, Grid, Para, Piece, Section, Tone, Value
from shinro.reports.effects import change as moved
from shinro.reports.effects import interval, touched
from shinro.reports.effects import verdict as judged
from shinro.reports.efforts import expected_text
from shinro.reports.explain import headline
from shinro.reports.forecasts import asked_text, odds_text
from shinro.reports.last_read import read_texts
from shinro.reports.milestones import milestone_name, when_text
from shinro.reports.numbers import level
from shinro.reports.problems import next_move, says
from shinro.reports.readings import Telling, name_text, past_text, period_text, small_text, subject, value_text
from shinro.reports.review_actions import actions_grid, taken_section
from shinro.reports.review_lines import overdue_text
from shinro.reports.review_misses import miss_lines, miss_title
from shinro.reports.states import state
from shinro.series import State

WORST = 3
BAD, GOOD = (State.BEHIND, State.MISSED), (State.AHEAD, State.REACHED)
STATUS = ("status.metric", "status.state", "status.value", "status.target", "status.period", "status.before")
EARLIER = {Grain.WEEK: 0, Grain.MONTH: 1}  # which of the earlier probabilities a cycle shows


def review_document(found: Review, telling: Telling, taken: Taken | None = None) -> Document:
    """A review in one language; with what was decided in it, where that is known."""
    company = found.status.company or telling.say("status.no_company")
    title = telling.say(f"review.title.{found.grain.value}", company=company, day=day(found.day, telling.lang))
    told = [*_sections(found, telling), *([taken_section(taken, telling)] if taken and taken.count else [])]
    return Document(
        lang=telling.lang,
        title=title,
        subtitle=_subtitle(found, telling),
        company=company,
        day=day(found.day, telling.lang),
        sections=tuple(section for section in told if section.pieces),
        foot=telling.say("review.foot", day=day(found.day, telling.lang)),
        dated=found.day,
    )


def _subtitle(found: Review, telling: Telling) -> str:
    if found.last is None:
        return telling.say(f"review.first_of.{found.grain.value}" if found.others else "review.first")
    return telling.say("review.since", day=day(found.last.day, telling.lang))


def _sections(found: Review, telling: Telling) -> Iterator[Section]:
    yield Section(telling.say("review.where"), tuple(_where(found, telling)))
    yield Section(telling.say("review.departments"), tuple(_departments(found, telling)))
    yield Section(telling.say("review.why"), tuple(_why(found, telling)))
    yield Section(telling.say("review.milestones"), tuple(_milestones(found, telling)))
    yield Section(telling.say("review.misses"), tuple(_misses(found, telling)))
    yield Section(telling.say("review.initiatives"), tuple(_initiatives(found, telling)))
    yield Section(telling.say("review.actions"), tuple(_actions(found, telling)))
    yield Section(telling.say("review.changes"), tuple(_changes(found, telling)))
    yield Section(telling.say("review.problems"), tuple(_problems(found, telling)))


def _where(found: Review, telling: Telling) -> Iterator[Piece]:
    star, guardrail = found.status.star, found.guardrail
    if star is None:
        yield Para(telling.say("status.no_star"), "quiet")
    rows = [each for each in (star, guardrail, *found.status.focus) if each]
    rows = list({each.metric: each for each in rows}.values())
    if rows:
        yield _readings("review.star_and_focus", rows, telling)
        yield from _small(rows, telling)
    yield from (Para(text, "quiet") for text in read_texts(found.status.freshness, telling))


def _readings(title: str, readings: Iterable[Reading], telling: Telling) -> Grid:
    columns = tuple(telling.say(key) for key in (*STATUS, "status.owner"))
    return Grid(telling.say(title), columns, tuple(_row(each, telling) for each in readings))


def _small(readings: Iterable[Reading], telling: Telling) -> Iterator[Piece]:
    notes = tuple(Para(note, "quiet") for each in readings if (note := small_text(each, telling)))
    if notes:
        yield Bullets(notes)


def _row(reading: Reading, telling: Telling) -> tuple[Value, ...]:
    return (
        Value(name_text(reading, telling), tone="strong"),
        Value(state(reading.state, telling.words), tone=tone(reading.state)),
        _value(value_text(reading, telling), reading),
        Value("" if reading.target is None else level(reading.target, reading.meaning, telling.lang), reading.target),
        Value(period_text(reading, telling)),
        Value(past_text(reading, reading.before, telling)),
        Value(telling.say("list.comma").join(reading.owners)),
    )


def _value(text: str, reading: Reading) -> Value:
    point = subject(reading)
    return Value(text, point.value if point else None)


def tone(found: State | None) -> Tone:
    """How a state is to be felt."""
    return "bad" if found in BAD else "good" if found in GOOD else ""


def _departments(found: Review, telling: Telling) -> Iterator[Piece]:
    """What each department owns and has a target for; what has none is named."""
    columns = (*STATUS, "status.owner", "review.department")
    rows = [
        (*_row(each, telling), Value(telling.department(name)))
        for name, readings in found.status.departments
        for each in readings
        if each.target is not None
    ]
    if rows:
        yield Grid(telling.say("review.against_target"), tuple(map(telling.say, columns)), tuple(rows))
    without = [each for _, readings in found.status.departments for each in readings if each.target is None]
    if without:
        names = telling.labels(each.metric for each in without)
        yield Para(telling.say("review.no_target", metrics=names), "quiet")


def _why(found: Review, telling: Telling) -> Iterator[Piece]:
    why = found.status.why
    if why is None or why.period is None:
        yield Para(telling.say("review.no_why"), "quiet")
        return
    yield Para(headline(why, telling), "strong")
    if why.beside:
        yield Para(headline(why.beside, telling))


def _milestones(found: Review, telling: Telling) -> Iterator[Piece]:
    if not found.status.milestones:
        yield Para(telling.say("status.no_milestones"), "quiet")
        return
    before = telling.say(f"review.before.{found.grain.value}")
    columns = ("review.milestone", "status.state", "review.due", "review.odds")
    titles = (*map(telling.say, columns), before, telling.say("review.weakest"))
    rows = tuple(_milestone(each, found, telling) for each in found.status.milestones)
    yield Grid(telling.say("review.grid.milestones"), titles, rows)
    missing = [telling.say(why, metrics=telling.labels([metric])) for metric, why in found.prospects.untold]
    if missing:
        yield Bullets(tuple(Para(text, "quiet") for text in dict.fromkeys(missing)))


def _milestone(reading: MilestoneReading, found: Review, telling: Telling) -> tuple[Value, ...]:
    odds = found.odds(reading.title)
    earlier = odds.earlier[EARLIER[found.grain]][1] if odds and odds.earlier else None
    weakest = odds.weakest if odds else None
    return (
        Value(milestone_name(reading.title, telling), tone="strong"),
        Value(state(reading.state, telling.words), tone=tone(reading.state)),
        Value(when_text(reading, telling)),
        Value(odds_text(odds.probability) if odds else ""),
        Value(odds_text(earlier) if odds else ""),
        Value(asked_text(weakest, telling) if weakest else ""),
    )


def _misses(found: Review, telling: Telling) -> Iterator[Piece]:
    """Every miss: what a review said of it already, else what its drivers propose."""
    for miss in found.misses:
        yield Para(miss_title(miss, telling), "strong")
        lines = [Para(text) for text in miss_lines(miss, telling)]
        if lines:
            yield Bullets(tuple(lines))


def _initiatives(found: Review, telling: Telling) -> Iterator[Piece]:
    if not found.effects.effects:
        yield Para(telling.say("effect.none"), "quiet")
        return
    titles = ("effect.initiative", "effect.verdict", "effect.kpi", "effect.effect", "effect.expected", "status.owner")
    rows = tuple(_effect(each, telling) for each in found.effects.effects)
    yield Grid(telling.say("review.grid.initiatives"), tuple(map(telling.say, titles)), rows)
    if found.unjudged:
        names = telling.say("list.comma").join(found.unjudged)
        yield Para(telling.say("review.unjudged", names=names), "mark")


def _effect(effect: Effect, telling: Telling) -> tuple[Value, ...]:
    meaning, estimate = effect.meaning, effect.estimate
    verdicts: dict[str, Tone] = {"worked": "good", "went the other way": "bad"}
    return (
        Value(effect.initiative, tone="strong"),
        Value(judged(effect, telling), tone=verdicts.get(effect.verdict.value, "")),
        Value(touched(effect, telling)),
        Value(interval(estimate.mean, meaning, telling) if estimate and meaning else ""),
        Value(_expected(effect, telling)),
        Value(effect.owner),
    )


def _expected(effect: Effect, telling: Telling) -> str:
    """What was expected, as the effect is told; as it was written where no effect can be."""
    if effect.expected and effect.meaning:
        return moved(effect.expected.value, effect.meaning, telling)
    written = (each for each in telling.project.initiatives if str(each.name) == effect.initiative)
    return next((expected_text(each, effect.meaning, telling) for each in written), "")


def _actions(found: Review, telling: Telling) -> Iterator[Piece]:
    if not found.actions:
        yield Para(telling.say("review.no_actions" if found.last or found.others else "review.no_last"), "quiet")
        return
    yield actions_grid(found.actions, found.day, telling)
    over = overdue_text(found.actions, found.day, telling)
    if over:
        yield Para(over, "mark")


def _changes(found: Review, telling: Telling) -> Iterator[Piece]:
    if found.last is None:
        return
    if not found.changes:
        yield Para(telling.say("review.no_changes"), "quiet")
    else:
        yield Bullets(tuple(Para(_change(each, telling)) for each in found.changes))


def _change(found: Change, telling: Telling) -> str:
    is_milestone = found.what in (What.MILESTONE_SET, What.MILESTONE_MOVED, What.MILESTONE_DROPPED)
    name = milestone_name(found.subject, telling) if is_milestone else telling.label(found.subject)
    said = {"name": name, "before": found.before, "after": found.after}
    text = telling.say(f"review.changed.{found.what.value}", **said)
    return telling.say("review.changed_on", text=text, day=day(found.day, telling.lang)) if found.day else text


def _problems(found: Review, telling: Telling) -> Iterator[Piece]:
    worst = found.status.problems[:WORST]
    if not worst:
        yield Para(telling.say("problems.none"), "quiet")
        return
    words = telling.words
    for each in worst:
        yield Para(f"{each.code} {says(each, words)}", "bad" if each.severity is Severity.ERROR else "")
        yield Bullets((Para(next_move(each, words) or str(each.place), "quiet"),))
    others = len(found.status.problems) - len(worst)
    if others:
        yield Para(words.plural("status.more_problems", others), "quiet")
