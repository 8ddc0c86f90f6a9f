"""The front of a traction report: the headline with its supports, claims, milestones, and what fell short."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Literal

from shinro.analysis.promises import FAILED, UNMET, UNSHOWN
from shinro.analysis.tracks import is_another, redefined_at
from shinro.findings.claims import Claim, Former, Kept, Low, Pledge, Promise, Step, Tale, Track
from shinro.periods import Period
from shinro.reports.chances import chance_text
from shinro.reports.claim_sentences import (
    condition_words,
    counts_companies,
    held_text,
    kept_by_day,
    kept_text,
    period_text,
    pledge_kept,
    statement,
    step_text,
    value_text,
)
from shinro.reports.dates import day, span
from shinro.reports.document import Bullets, Grid, Line, Para, Piece, Plot, Section, Tone, Value
from shinro.reports.milestones import milestone_name
from shinro.reports.numbers import UNDEFINED, change, currency_text, gap, percent
from shinro.reports.readings import Telling
from shinro.series import SMALL, Mark, Meaning, Nature
from shinro.units import days, months, points, times

Form = Literal["count", "percent", "money", "decimal"]
TONES: dict[Kept, Tone] = {
    Kept.ON_TIME: "good", Kept.EARLY: "good", Kept.LATE: "bad", Kept.MISSED: "bad", Kept.MOVED: "bad",
    Kept.RETROSPECTIVE: "mark", Kept.UNKNOWN: "mark", Kept.AHEAD_OF_US: "quiet", Kept.HOLDING: "good",
    Kept.WAITING: "quiet", Kept.UNPLANNED: "mark", Kept.UNDATED: "mark",
}  # fmt: skip
UNITS = {days(): "unit.days", months(): "unit.months", points(): "unit.points", times(): "unit.times"}


def form_of(meaning: Meaning) -> Form:
    """How a chart and a sheet show a metric's numbers."""
    if meaning.percent:
        return "percent"
    if meaning.currency:
        return "money"
    return "decimal" if meaning.nature is Nature.RATIO or meaning.unit in UNITS else "count"


def unit_text(meaning: Meaning, telling: Telling) -> str:
    """The unit that stands on an axis."""
    if meaning.percent:
        return "%"
    if meaning.currency:
        return currency_text(meaning.currency, telling.lang)
    if meaning.unit in UNITS:
        return telling.say(UNITS[meaning.unit])
    key = "unit.companies" if counts_companies(meaning) else "unit.number"
    return telling.say(key if meaning.nature is not Nature.RATIO else "unit.ratio")


def cell(value: Fraction | None, meaning: Meaning, telling: Telling) -> Value:
    """A metric's value in a table."""
    return Value(value_text(value, meaning, telling), value, form_of(meaning))


def evidence(steps: tuple[Step, ...], tale: Tale, telling: Telling) -> str:
    """The record's entries that numbers stand in, and the checkpoint that covers them."""
    checkpoint = tale.checkpoint.short if tale.checkpoint else UNDEFINED
    return telling.say("tale.entries", entries=entries(steps, telling), checkpoint=checkpoint)


def entries(steps: tuple[Step, ...], telling: Telling) -> str:
    """The record's entries that numbers stand in."""
    return telling.say("list.comma").join(f"#{step.seq}" for step in steps)


def headline(tale: Tale, telling: Telling) -> Section:
    """The headline with its supports as charts, and a table of every metric that is told."""
    shown = [path for path in (tale.headline, *tale.supports) if path and path.steps]
    pieces: list[Piece] = []
    if tale.headline is None:
        pieces.append(Para(telling.say("tale.no_headline"), "mark"))
    pieces += [_plot(path, tale, telling) for path in shown]
    held = held_of(tale)
    if held.start > tale.period.start:
        declared, there = span(tale.period, telling.lang), span(held, telling.lang)
        pieces.append(Para(telling.say("tale.shorter", declared=declared, held=there), "mark"))
    pieces.append(_figures(tale, telling))
    notes = tuple(_evidence_line(path, telling) for path in tale.told if path.steps)
    return Section(telling.say("tale.headline"), tuple(pieces), notes)


def held_of(tale: Tale) -> Period:
    """The days that the record holds of what is told, within the declared ones."""
    steps = [step for path in tale.told for step in path.steps]
    return Period(min(step.period.start for step in steps), max(step.period.end for step in steps))


def _evidence_line(path: Track, telling: Telling) -> str:
    return telling.say("tale.evidence_of", metric=telling.label(path.metric), entries=entries(path.steps, telling))


def _plot(path: Track, tale: Tale, telling: Telling) -> Plot:
    """A path over every period of the span, those that were not published left open. Its scale starts at zero."""
    meaning, steps = path.meaning, {step.period: step for step in path.steps}
    first = min(steps, key=lambda period: period.start)
    last = max(tale.period.last, first.start)
    places = list(telling.calendar.periods(first.start, last, path.grain))
    values = tuple(steps[place].value if place in steps else None for place in places)
    look: Literal["bars", "line"] = "bars" if meaning.nature is Nature.FLOW else "line"
    return Plot(
        title=telling.label(path.metric),
        says=_says(path, telling),
        places=tuple(telling.calendar.label(place, path.grain) for place in places),
        lines=(Line(telling.label(path.metric), values, look),),
        unit=unit_text(meaning, telling),
        form=form_of(meaning),
        unfinished=tuple(
            n for n, place in enumerate(places) if place in steps and steps[place].mark is not Mark.COMPLETE
        ),
        note=" ".join(_plot_notes(path, telling)),
        unpublished=tuple(n for n, place in enumerate(places) if place not in steps),
    )


def _says(path: Track, telling: Telling) -> str:
    """Where a path begins and ends, for who cannot see it; of one final period only where it is."""
    metric, count = telling.label(path.metric), len(path.complete)
    (first, start), (last, end) = (_end(path, at, telling) for at in (0, -1))
    if count == 1:
        return telling.say("tale.plot_says_one", metric=metric, first=first, start=start)
    return telling.words.plural("tale.plot_says", count, metric=metric, first=first, start=start, last=last, end=end)


def _end(path: Track, at: int, telling: Telling) -> tuple[str, str]:
    """The first or the last final value, with its period."""
    if not path.complete:
        return UNDEFINED, UNDEFINED
    step = path.complete[at]
    return step_text(step, path, telling), period_text(step, path, telling)


def _plot_notes(path: Track, telling: Telling) -> Iterator[str]:
    known = {step.period for step in path.steps}
    between = telling.calendar.periods(path.steps[0].period.start, path.steps[-1].period.start, path.grain)
    holes = sum(place not in known for place in between)
    if holes:
        yield telling.words.plural("tale.note_holes", holes)
    undefined = sum(step.value is None for step in path.steps)
    if undefined:
        yield telling.words.plural("tale.note_undefined", undefined)
    for _, after in redefined_at(path):
        yield telling.say("tale.note_redefined", period=period_text(after, path, telling))
    restated = [step for step in path.steps if step.was]
    if restated:
        names = [period_text(step, path, telling) for step in restated]
        yield telling.say("tale.note_restated", periods=telling.say("list.comma").join(names))
    small = [step.base for step in path.complete if step.base is not None and 0 < step.base < SMALL]
    if path.meaning.percent and small:
        yield telling.say("tale.note_small", low=int(min(small)), high=int(max(small)))


def _figures(tale: Tale, telling: Telling) -> Grid:
    """Every metric that is told, the good and the bad, over the same period."""
    keys = ("tale.metric", "tale.first", "tale.last", "tale.change", "tale.periods", "tale.latest")
    rows = [_figure(path, telling) for path in tale.told if path.complete]
    return Grid(
        telling.say("tale.figures"), tuple(map(telling.say, keys)), tuple(rows), telling.say("tale.figures_note")
    )


def _figure(path: Track, telling: Telling) -> tuple[Value, ...]:
    first, last = path.complete[0], path.complete[-1]
    of_two = is_another(first.definition, last.definition)  # a difference of two things says nothing
    compared = len(path.complete) > 1 and not of_two
    return (
        Value(telling.label(path.metric), tone="strong"),
        cell(first.value, path.meaning, telling),
        cell(last.value, path.meaning, telling),
        Value(change(last.value, first.value, path.meaning) if compared else UNDEFINED),
        Value(str(len(path.complete)), Fraction(len(path.complete)), "count"),
        Value(period_text(last, path, telling)),
    )


def claimed(tale: Tale, telling: Telling) -> Section:
    """The claims, strongest first."""
    told = tuple(statement(each, telling, evidence(_ends(each), tale, telling)) for each in tale.claims)
    lead: Piece = Para(telling.say("tale.claims_lead" if told else "tale.no_claims"), "quiet")
    notes = tuple(_evidence_line(each.track, telling) for each in tale.claims)
    return Section(telling.say("tale.claims"), (lead, *told), notes)


def _ends(claim: Claim) -> tuple[Step, ...]:
    every = (claim, *claim.beside)
    return tuple(step for each in every for step in (each.first, each.last))


def promised(tale: Tale, telling: Telling) -> Section:
    """Every milestone of the record, condition by condition, those that were moved with their earlier forms."""
    keys = ("tale.milestone", "tale.due_day", "tale.declared_day", "tale.kept", "tale.reached_day")
    rows = [row for promise in tale.promises for row in _promise_rows(promise, telling)]
    pieces: list[Piece] = []
    if rows:
        pieces.append(Grid("", tuple(map(telling.say, keys)), tuple(rows), telling.say("tale.promises_note")))
    else:
        pieces.append(Para(telling.say("tale.no_promises"), "mark"))
    moved = [Para(text) for promise in tale.promises for text in _moved(promise, telling)]
    if moved:
        pieces.append(Bullets(tuple(moved)))
    if tale.unrecorded:
        names = telling.say("list.comma").join(milestone_name(each, telling) for each in tale.unrecorded)
        pieces.append(Para(telling.say("tale.unrecorded", names=names), "mark"))
    notes = tuple(
        telling.say("tale.promise_entry", name=milestone_name(each.title, telling), seq=each.seq)
        for each in tale.promises
        if each.seq is not None
    )
    return Section(telling.say("tale.promises"), tuple(pieces), notes)


def _promise_rows(promise: Promise, telling: Telling) -> Iterator[tuple[Value, ...]]:
    yield (
        Value(milestone_name(promise.title, telling), tone="strong"),
        Value(day(promise.due, telling.lang)),
        Value(day(promise.declared, telling.lang) if promise.declared else UNDEFINED),
        _outcome(promise, telling),
        Value(""),
    )
    for each in promise.conditions:
        yield (
            Value(telling.say("tale.under", text=condition_words(each.text, telling))),
            Value(""),
            Value(day(each.declared, telling.lang) if each.declared != promise.declared and each.declared else ""),
            Value(pledge_kept(each, telling), tone="mark" if each.first else TONES[each.kept]),
            Value(held_text(each, telling)),
        )
    for each in promise.dropped:
        text = telling.say("tale.under_dropped", text=condition_words(each.text, telling))
        yield (
            Value(telling.say("tale.under", text=text)),
            Value(day(each.due, telling.lang) if each.due else ""),
            Value(""),
            Value(pledge_kept(each, telling), tone="mark" if each.first else TONES[each.kept]),
            Value(held_text(each, telling)),
        )


def _outcome(promise: Promise, telling: Telling) -> Value:
    kept = kept_by_day(promise.kept, telling, ahead=promise.ahead)
    restated = any(each.first for each in promise.conditions)
    if restated and TONES[promise.kept] == "good":
        return Value(telling.say("tale.kept_restated", kept=kept), tone="mark")
    return Value(kept, tone=TONES[promise.kept])


def _moved(promise: Promise, telling: Telling) -> Iterator[str]:
    """What was promised before, and what became of that."""
    name = milestone_name(promise.title, telling)
    for former in promise.moved:
        other = bool(former.title) and former.title != promise.title
        yield telling.say(
            "tale.moved_from" if other else "tale.moved",
            name=name,
            old=milestone_name(former.title, telling),
            moved=day(former.moved, telling.lang),
            due=day(former.due, telling.lang),
            conditions=_conditions(former, telling),
            kept=kept_text(former.kept, telling),
            seq=former.seq,
        )
    if promise.given_up:
        yield telling.say("tale.given_up", name=name, day=day(promise.given_up, telling.lang))


def _conditions(former: Former, telling: Telling) -> str:
    return telling.say("list.comma").join(condition_words(text, telling) for text in former.texts)


def fell_short(tale: Tale, telling: Telling) -> Section:
    """What fell short; where nothing did by these rules, that is said."""
    items = tuple(Para(low_text(low, telling)) for low in tale.lows)
    pieces: tuple[Piece, ...] = (Bullets(items),) if items else (Para(telling.say("tale.no_lows"), "quiet"),)
    return Section(telling.say("tale.lows"), pieces)


def low_text(low: Low, telling: Telling) -> str:
    """A lowlight as a sentence."""
    before = low.promise is not None and low.promise.ahead and low.promise.kept in FAILED
    key = "low_before" if before else low.key.replace("low.", "low_").replace(" ", "_")
    return telling.say(f"tale.{key}", **_low_args(low, telling))


def _low_args(low: Low, telling: Telling) -> dict[str, object]:
    found: dict[str, object] = {name: value for name, value in low.args.items() if isinstance(value, int)}
    found |= {name: day(value, telling.lang) for name, value in low.args.items() if isinstance(value, date)}
    found |= {name: value for name, value in low.args.items() if isinstance(value, str)}
    track = low.track
    if track:
        found["metric"] = telling.label(track.metric)
        for name, value in low.args.items():
            if isinstance(value, Step):
                found[name] = step_text(value, track, telling)
                found[f"{name}_period"] = period_text(value, track, telling)
            elif isinstance(value, Fraction):
                found[name] = gap(value, track.meaning, telling.lang)
    if low.promise:
        found |= _promise_args(low.promise, telling)
    if "title" in low.args:
        odds = low.args.get("odds")
        found["name"] = milestone_name(str(low.args["title"]), telling)
        found["chance"] = chance_text(odds) if isinstance(odds, float) else UNDEFINED
    return found


def _promise_args(promise: Promise, telling: Telling) -> dict[str, object]:
    """A milestone's name, its day, what was not met, the days on which it was changed."""
    days = dict.fromkeys(day(former.moved, telling.lang) for former in promise.moved)
    return {
        "name": milestone_name(promise.title, telling),
        "due": day(promise.due, telling.lang),
        "kept": kept_text(promise.kept, telling),
        "unmet": _unmet(promise, telling),
        "restated": telling.say("list.comma").join(_condition(each, telling) for each in promise.restated),
        "moved": telling.say("list.comma").join(days),
        "cause": telling.say(f"tale.cause_{promise.cause}") if promise.cause else "",
    }


def _unmet(promise: Promise, telling: Telling) -> str:
    """The conditions that were not kept as promised, with what became of each; and the forms before that were not."""
    kept = (Kept.ON_TIME, Kept.EARLY, *UNSHOWN, Kept.AHEAD_OF_US, Kept.WAITING, Kept.HOLDING)
    now = [each for each in promise.conditions if not (each.ahead and each.kept in FAILED)]
    told = [_condition(each, telling) for each in now if each.kept not in kept]
    before = [_before(each, telling) for each in promise.moved if each.kept in UNMET]
    told += before or [_condition(each, telling) for each in promise.dropped]
    return telling.say("list.comma").join(told) or telling.say("tale.dropped_condition")


def _condition(pledge: Pledge, telling: Telling) -> str:
    kept = pledge_kept(pledge, telling)
    return telling.say("tale.unmet", condition=condition_words(pledge.text, telling), kept=kept)


def _before(former: Former, telling: Telling) -> str:
    due, kept = day(former.due, telling.lang), kept_text(former.kept, telling)
    return telling.say("tale.unmet_before", due=due, conditions=_conditions(former, telling), kept=kept)


def share_text(value: Fraction) -> str:
    """A share in per cent."""
    return f"{percent(value)}%"
