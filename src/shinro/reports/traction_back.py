"""The back of a traction report: cohorts, money, what is next, words, what was restated, definitions, how to verify."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shinro.definitions.meaning import fact_tables, meanings
from shinro.definitions.normal import normal_form
from shinro.findings.claims import Cohorts, Concentration, Refused, Step, Tale, Track, Was
from shinro.findings.forecasts import MilestoneOdds
from shinro.problems import Problem, worst_first
from shinro.reports.chances import chance_text
from shinro.reports.claim_sentences import condition_words, mark_text, period_text, step_text, was_text
from shinro.reports.dates import day, period, span
from shinro.reports.document import Bullets, Grid, Para, Piece, Section, Value
from shinro.reports.measuring import measuring
from shinro.reports.milestones import milestone_name
from shinro.reports.numbers import UNDEFINED
from shinro.reports.readings import Telling
from shinro.reports.states import mark
from shinro.reports.traction_front import cell, evidence, share_text, unit_text
from shinro.series import Mark

WEEK = 7
HASH = 12  # characters of a digest that are shown


def cohorts(tale: Tale, telling: Telling) -> Section | None:
    """Every cohort, whole: nobody picks those that stayed."""
    grids = tuple(_triangle(each, tale, telling) for each in tale.cohorts if each.rows)
    return Section(telling.say("tale.cohorts"), grids) if grids else None


def _triangle(found: Cohorts, tale: Tale, telling: Telling) -> Grid:
    """One row a cohort; that of a period which still runs is marked, since more may begin in it."""
    longest = max(len(shares) for _, _, shares in found.rows)
    columns = [telling.say("tale.cohort"), telling.say("tale.size"), *(str(n) for n in range(longest))]
    rows = []
    for days, size, shares in found.rows:
        name = period(days, found.grain, telling.calendar, telling.words)
        name += f" {mark(Mark.INCOMPLETE)}" if days.last > tale.as_of else ""
        cells = [Value(share_text(each), each, "percent") if each is not None else Value("") for each in shares]
        blank = [Value("")] * (longest - len(shares))
        rows.append((Value(name), cell(size, found.meaning, telling), *cells, *blank))
    title = telling.say("tale.cohorts_of", metric=telling.label(found.meaning.metric))
    running = any(days.last > tale.as_of for days, _, _ in found.rows)
    notes = ["tale.cohorts_note", *(["tale.cohorts_running"] if running else [])]
    return Grid(title, tuple(columns), tuple(rows), _measured(tale, telling, *map(telling.say, notes)))


def _measured(tale: Tale, telling: Telling, *notes: str) -> str:
    """Notes of a grid that does not come from the record, with the day of its data."""
    return " ".join(filter(None, (*notes, telling.say("tale.measured", day=_as_of(tale, telling)))))


def _as_of(tale: Tale, telling: Telling) -> str:
    return day(tale.as_of, telling.lang)


def money(tale: Tale, telling: Telling) -> Section | None:
    """Cash, burn and runway as far as they are published; how much hangs on the largest customers."""
    pieces: list[Piece] = []
    if tale.cash:
        pieces.append(_cash(tale.cash, telling))
    if tale.concentration:
        pieces += _concentration(tale.concentration, tale, telling)
    notes = tuple(evidence(path.steps, tale, telling) for path in tale.cash if path.steps)
    return Section(telling.say("tale.money"), tuple(pieces), notes) if pieces else None


def _cash(paths: tuple[Track, ...], telling: Telling) -> Grid:
    columns = tuple(telling.say(key) for key in ("tale.metric", "tale.first", "tale.last", "tale.latest"))
    rows = []
    for path in paths:
        if path.complete:
            first, last = path.complete[0], path.complete[-1]
            values = (cell(first.value, path.meaning, telling), cell(last.value, path.meaning, telling))
            rows.append(
                (Value(telling.label(path.metric), tone="strong"), *values, Value(period_text(last, path, telling)))
            )
        else:
            rows.append((Value(telling.label(path.metric)), Value(UNDEFINED), Value(UNDEFINED), Value("")))
    return Grid(telling.say("tale.cash"), columns, tuple(rows))


def _concentration(found: Concentration, tale: Tale, telling: Telling) -> Iterator[Piece]:
    metric = telling.label(found.meaning.metric)
    of = period(found.period, tale.grain, telling.calendar, telling.words)
    args = {"metric": metric, "customers": found.customers, "period": of, "share": share_text(found.top)}
    yield Para(telling.words.plural("tale.concentrated", len(found.shares), **args))
    columns = (telling.say("tale.customer"), telling.say("tale.share"))
    rows = tuple(
        (
            Value(name if found.named else telling.say("tale.customer_n", n=n)),
            Value(share_text(share), share, "percent"),
        )
        for n, (name, share) in enumerate(found.shares, 1)
    )
    note = "" if found.named else telling.say("tale.names_hidden")
    yield Grid("", columns, rows, _measured(tale, telling, note))


def next_up(tale: Tale, telling: Telling) -> Section | None:
    """The milestones to come, how likely they are to hold, and which condition most likely fails."""
    if not tale.odds:
        return None
    columns = ("tale.milestone", "tale.due_day", "tale.chance")
    rows = [row for each in tale.odds for row in _odds_rows(each, telling)]
    grid = Grid(
        "", tuple(map(telling.say, columns)), tuple(rows), _measured(tale, telling, telling.say("tale.next_note"))
    )
    return Section(telling.say("tale.next"), (grid,))


def _odds_rows(found: MilestoneOdds, telling: Telling) -> Iterator[tuple[Value, ...]]:
    name = milestone_name(found.title, telling)
    yield Value(name, tone="strong"), Value(day(found.due, telling.lang)), _chance(found.probability, telling)
    for each in found.conditions:
        text = telling.say("tale.under", text=condition_words(each.text, telling))
        yield Value(text), Value(""), _chance(each.probability, telling)


def _chance(probability: float | None, telling: Telling) -> Value:
    return Value(telling.say("tale.no_chance") if probability is None else chance_text(probability))


def own_words(tale: Tale, telling: Telling) -> Section | None:
    """The founder's words and what is asked for, as given: nothing here is measured."""
    pieces: list[Piece] = [Para(tale.words)] if tale.words else []
    if tale.asks:
        pieces += [Para(telling.say("tale.asks"), "strong"), Bullets(tuple(Para(each) for each in tale.asks))]
    return Section(telling.say("tale.words"), tuple(pieces)) if pieces else None


def restated(tale: Tale, telling: Telling) -> Section | None:
    """Every figure of the period that was restated: the old value, the new one, both days, the reason."""
    found = [(path, step, *each) for path in tale.told for step in path.steps for each in _each_time(step)]
    if not found:
        return None
    items = tuple(
        Para(
            telling.say(
                "tale.restated_line", metric=telling.label(path.metric), was=was_text(step, was, after, path, telling)
            )
        )
        for path, step, was, after in found
    )
    notes = tuple(telling.say("tale.restated_entry", old=was.seq, new=after.seq) for _, _, was, after in found)
    return Section(telling.say("tale.restated"), (Bullets(items),), notes)


def _each_time(step: Step) -> Iterator[tuple[Was, Was | Step]]:
    """What stood, and what took its place then: each restatement by its own two values."""
    after: tuple[Was | Step, ...] = (*step.was[1:], step)
    yield from zip(step.was, after, strict=False)


def same_as_last(tale: Tale, telling: Telling) -> Section:
    """Whether the same metrics are told as the last time, and what was dropped, with what it reads now."""
    last = tale.last_told
    if last is None:
        names = telling.say("list.comma").join(tale.told_others)
        others = (Para(telling.say("tale.told_others", names=names), "mark"),) if names else ()
        return Section(telling.say("tale.same"), (Para(telling.say("tale.told_first")), *others))
    when = {"day": day(last.day, telling.lang), "seq": last.seq}
    other = (
        [Para(telling.say("tale.other_period", before=span(last.period, telling.lang)), "mark")]
        if last.period and _shorter(tale)
        else []
    )
    if not tale.dropped:
        return Section(telling.say("tale.same"), (Para(telling.say("tale.told_same", **when)), *other))
    items = Bullets(tuple(Para(_dropped(path, telling)) for path in tale.dropped))
    return Section(telling.say("tale.same"), (Para(telling.say("tale.told_dropped", **when), "mark"), items, *other))


def _shorter(tale: Tale) -> bool:
    """Whether a shorter period is told than last time, by more than a week."""
    last = tale.last_told.period if tale.last_told else None
    return last is not None and tale.period.length + WEEK < last.length


def _dropped(path: Track, telling: Telling) -> str:
    if not path.complete:
        return telling.say("tale.dropped_gone", metric=telling.label(path.metric))
    first, last = path.complete[0], path.complete[-1]
    return telling.say(
        "tale.dropped",
        metric=telling.label(path.metric),
        first=step_text(first, path, telling),
        last=step_text(last, path, telling),
        start=period_text(first, path, telling),
        end=period_text(last, path, telling),
    )


def refused(tale: Tale, telling: Telling) -> Section | None:
    """What the company wished to say and is not told, with the reason; what is wrong with the report as a whole."""
    items = [Para(_refused(each, telling)) for each in tale.refused]
    told = dict.fromkeys(_fault(each, telling) for each in worst_first(tale.problems))
    faults = [Para(each, "mark") for each in told]
    pieces: list[Piece] = []
    if items:
        pieces += [Para(telling.say("tale.refused_lead"), "quiet"), Bullets(tuple(items))]
    if faults:
        pieces += [Para(telling.say("tale.faults_lead"), "quiet"), Bullets(tuple(faults))]
    return Section(telling.say("tale.refused"), tuple(pieces)) if pieces else None


def _refused(found: Refused, telling: Telling) -> str:
    reasons = " ".join(dict.fromkeys(_fault(each, telling) for each in found.problems)) or telling.say("tale.not_held")
    return telling.say("tale.refused_line", text=found.text, reasons=reasons)


def _fault(found: Problem, telling: Telling) -> str:
    return telling.say("tale.fault", code=found.code, says=mark_text(found, telling))


def definitions(tale: Tale, telling: Telling, forms: Mapping[str, Mapping[str, str]]) -> Section | None:
    """What each number means: how it is measured, its unit, period, source, rules, and the hash of its definition."""
    keys = ("tale.metric", "tale.unit", "tale.read_per", "tale.source", "tale.rules", "tale.hash")
    rows = tuple(
        _definition(path, telling, now=path.metric not in forms or is_as_told(path, forms, telling))
        for path in tale.told
    )
    if not rows:
        return None
    grid = Grid("", tuple(map(telling.say, keys)), rows, telling.say("tale.definitions_note"))
    how = tuple(Para(_how(path, forms[path.metric], telling)) for path in tale.told if path.metric in forms)
    others = [path.metric for path in tale.told if path.metric in forms and not is_as_told(path, forms, telling)]
    changed = [Para(telling.say("tale.other_definition", metrics=telling.labels(others)), "mark")] if others else []
    pieces = (grid, *changed, *((Para(telling.say("tale.how"), "strong"), Bullets(how)) if how else ()))
    return Section(telling.say("tale.definitions"), pieces, appendix=True)


def is_as_told(path: Track, forms: Mapping[str, Mapping[str, str]], telling: Telling) -> bool:
    """Whether the project still defines a metric as its numbers were measured."""
    known = path.metric in meanings(telling.project)
    return known and normal_form(telling.project, path.metric, path.grain) == forms[path.metric]


def _how(path: Track, form: Mapping[str, str], telling: Telling) -> str:
    """A definition in one line, as far as it says what is counted."""
    form_text = measuring(path.metric, form, telling)
    return telling.say("tale.how_of", metric=telling.label(path.metric), form=form_text)


def _definition(path: Track, telling: Telling, *, now: bool) -> tuple[Value, ...]:
    """One row; what the project says of a metric that it defines otherwise by `now` is no part of it."""
    meaning = path.meaning
    tables = telling.say("list.comma").join(fact_tables(telling.project, path.metric) or meaning.sources)
    rules = "; ".join(filter(None, (meaning.population, meaning.window, meaning.policy))) if now else ""
    return (
        Value(f"{telling.label(path.metric)} ({path.metric})", tone="strong"),
        Value(unit_text(meaning, telling)),
        Value(telling.say(f"grain.{path.grain.value}")),
        Value(tables or UNDEFINED),
        Value(rules or UNDEFINED),
        Value(next((step.definition[:HASH] for step in reversed(path.steps) if step.definition), UNDEFINED)),
    )


def verifying(tale: Tale, telling: Telling) -> Section:
    """How a reader checks it, and what that proves and what not."""
    pieces: list[Piece] = []
    if tale.checkpoint:
        pieces.append(
            Para(telling.say("tale.checkpoint", size=tale.checkpoint.size, root=tale.checkpoint.root), "strong")
        )
        pieces.append(Para(telling.say("tale.origin", origin=tale.checkpoint.origin)))
        if tale.checkpoint.text:
            pieces.append(Para(telling.say("tale.signed"), "quiet"))
            pieces.append(Para(" ".join(tale.checkpoint.text.split())))
    steps = ("tale.verify_bundle", "tale.verify_held", "tale.verify_entries")
    pieces.append(Bullets(tuple(Para(telling.say(key)) for key in steps)))
    pieces.append(Para(telling.say("tale.proves")))
    pieces.append(Para(telling.say("tale.proves_not"), "mark"))
    if not tale.published:
        pieces.append(Para(telling.say("tale.draft"), "mark"))
    unfinished = [path for path in tale.told if any(step.mark is not Mark.COMPLETE for step in path.steps)]
    if unfinished:
        names = telling.say("list.comma").join(telling.label(path.metric) for path in unfinished)
        pieces.append(Para(telling.say("tale.unfinished", metrics=names)))
    return Section(telling.say("tale.verify"), tuple(pieces), appendix=True)
