"""Forecasts and prospects -> blocks and JSON: what may come, how sure, what was met, how it would have done before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from shinro.definitions.meaning import meaning_of, meanings
from shinro.definitions.periodic import comes_by
from shinro.definitions.phrases import Since, condition
from shinro.findings.forecasts import LEVELS, Backtest, ConditionOdds, Forecast, How, MilestoneOdds, Prospects, Remark
from shinro.reports.dates import day, period, span
from shinro.reports.milestones import OPS, milestone_name, over_text
from shinro.reports.numbers import UNDEFINED, grouped, level, number
from shinro.reports.readings import Telling, without_blanks
from shinro.reports.report import Block, Cell, Column, Heading, Line, Plain, Report, Table, lines
from shinro.reports.sparkline import BARS, GAP
from shinro.series import Meaning, State

LOW, HIGH, LOWEST, HIGHEST = (LEVELS.index(each) for each in (0.1, 0.9, 0.025, 0.975))
RARE, SURE = 0.01, 0.99
LIKELY, UNLIKELY = 0.6, 0.4
LEAST = 8  # values that a forecast needs
NARROW = 0.6  # of the values at earlier dates: where fewer fell within the range of 8 in 10, it did not hold
WHOLE = 10  # counts from which a decimal place says nothing
Unmeasured = Sequence[tuple[str, str]]


def forecast_report(found: Forecast | None, unmeasured: Unmeasured, telling: Telling) -> Report:
    """A metric's likely course, or why there is none."""
    blocks = list(_forecast(found, telling)) if found else []
    return Report(telling.lang, (*blocks, *_missing(unmeasured, telling)) or (_none(telling),))


def _none(telling: Telling) -> Block:
    return lines(Line(telling.say("forecast.none"), "quiet"))


def _forecast(found: Forecast, telling: Telling) -> Iterator[Block]:
    yield Heading(telling.say("forecast.title", metric=telling.label(found.metric)))
    yield lines(Line(how_text(found.how, found.drivers, telling), "quiet"))
    titles = ("status.period", "forecast.likely", "forecast.range80", "forecast.range95")
    columns = tuple(Column(telling.say(each), "right" if n else "left", main=n < 3) for n, each in enumerate(titles))  # noqa: PLR2004
    fine = all(abs(step.quantiles[HIGH]) < WHOLE for step in found.steps)
    yield Table(
        columns,
        tuple(
            (
                Cell(period(step.period, found.grain, telling.calendar, telling.words)),
                Cell(value_text(step.median, found.meaning, telling, fine=fine), "strong"),
                Cell(_range(step.quantiles[LOW], step.quantiles[HIGH], found.meaning, telling, fine=fine)),
                Cell(
                    _range(step.quantiles[LOWEST], step.quantiles[HIGHEST], found.meaning, telling, fine=fine), "quiet"
                ),
            )
            for step in found.steps
        ),
    )
    notes = [*remark_texts(found.remarks, telling)]
    if found.backtest or found.how is not How.SCENARIO:
        known = sum(point.value is not None for point in found.past)
        notes.append(backtest_text(found.backtest, found.meaning, telling, known))
        notes += held_texts(found.backtest, telling)
    if notes:
        yield lines(*(Line(note, "quiet") for note in notes))


def how_text(how: How, drivers: Sequence[str], telling: Telling) -> str:
    """What a forecast was made from, in words."""
    return telling.say(f"forecast.how_{how.value}", drivers=telling.labels(drivers))


def value_text(value: float | None, meaning: Meaning, telling: Telling, *, fine: bool = True) -> str:
    """A forecast value as a reader writes it, no finer than it can be; a count whole beside large ones."""
    if value is None:
        return UNDEFINED
    counted = any(base.startswith("count:") for base, _ in meaning.unit.powers)
    whole = counted and (abs(value) >= WHOLE or not fine)
    exact = Fraction(round(value)) if whole else Fraction(value).limit_denominator(10**6)
    return level(exact, meaning, telling.lang) if counted else number(exact, meaning, telling.lang)


def _range(low: float, high: float, meaning: Meaning, telling: Telling, *, fine: bool = True) -> str:
    ends = (value_text(each, meaning, telling, fine=fine) for each in (low, high))
    return telling.say("forecast.from_to", **dict(zip(("low", "high"), ends, strict=True)))


def remark_texts(remarks: Iterable[Remark], telling: Telling) -> Iterator[str]:
    """What was met in the pasts, each kind once a line with the metrics it is about."""
    found: dict[tuple[str, str], list[Remark]] = {}
    for remark in remarks:
        found.setdefault((remark.key, repr(sorted(remark.args.items()))), []).append(remark)
    for same in found.values():
        metrics = telling.labels(dict.fromkeys(remark.metric for remark in same))
        yield _said(same[0], metrics, telling)


def _said(remark: Remark, metrics: str, telling: Telling) -> str:
    """A remark in a sentence, in the form that its number asks for."""
    n = remark.args.get("n")
    args = {**_args(remark, telling), "metrics": metrics}
    if isinstance(n, int):
        return telling.words.plural(remark.key, n, **{key: each for key, each in args.items() if key != "n"})
    return telling.say(remark.key, **args)


def _args(remark: Remark, telling: Telling) -> Mapping[str, object]:
    """A remark's arguments in words."""
    named = {word: telling.label(str(remark.args[word])) for word in ("leader", "count") if word in remark.args}
    if "low" in remark.args:
        meaning = meaning_of(remark.metric, meanings(telling.project))
        ends = {word: float(str(remark.args[word])) for word in ("low", "high")}
        named |= {word: value_text(end, meaning, telling) for word, end in ends.items()}
    return {**remark.args, **named}


def backtest_text(found: Backtest | None, meaning: Meaning, telling: Telling, known: int = 0) -> str:
    """How the same forecast would have done before, the error of a share in points; else what that takes.

    `known`: how many periods have a number.
    """
    if found is None:
        return telling.say("forecast.no_backtest_gaps" if known > LEAST else "forecast.no_backtest", least=LEAST + 1)
    gain = round((found.gain or 0.0) * 100)
    key = "forecast.backtest_better" if gain > 0 else "forecast.backtest_worse" if gain else "forecast.backtest"
    return telling.say(
        key,
        inside=found.inside,
        tried=found.tried,
        error=f"{_points(found.error)}pt" if meaning.percent else value_text(found.error, meaning, telling),
        gain=f"{abs(gain)}%",
    )


def held_texts(found: Backtest | None, telling: Telling) -> Iterator[str]:
    """Which of range and median did not hold at earlier dates; nothing where both did, or nothing is known."""
    if found is None:
        return
    worse = round((found.gain or 0.0) * 100) < 0
    if found.inside < NARROW * found.tried:
        yield telling.say("forecast.neither_held" if worse else "forecast.range_narrow")
    elif worse:
        yield telling.say("forecast.range_held")


def _points(error: float) -> str:
    """A difference of shares in points, with two digits where it is small."""
    points = Fraction(error).limit_denominator(10**6) * 100
    return grouped(points, 2 if points < 1 else 1)


def prospects_report(found: Prospects, telling: Telling) -> Report:
    """How likely each milestone to come is to hold, by condition, and as of earlier days."""
    blocks: list[Block] = [Heading(telling.say("forecast.milestones"))]
    for milestone in found.milestones:
        blocks += _milestone(milestone, telling)
    if not found.milestones:
        blocks.append(lines(Line(telling.say("forecast.no_milestones"), "quiet")))
    if notes := [Line(text, "quiet") for text in remark_texts(found.remarks, telling)]:
        blocks.append(lines(*notes))
    return Report(telling.lang, (*blocks, *_missing(found.unmeasured, telling)))


def _missing(unmeasured: Unmeasured, telling: Telling) -> tuple[Block, ...]:
    said = [Line(text) for text in missing_texts(unmeasured, telling)]
    return (lines(*said),) if said else ()


def missing_texts(unmeasured: Unmeasured, telling: Telling) -> Iterator[str]:
    """Why some metrics cannot be told, each reason once."""
    found: dict[str, list[str]] = {}
    for metric, why in unmeasured:
        found.setdefault(why, []).append(metric)
    for why, metrics in found.items():
        yield telling.say(why, metrics=telling.labels(metrics))


def _milestone(found: MilestoneOdds, telling: Telling) -> Iterator[Block]:
    name = milestone_name(found.title, telling)
    due = day(found.due, telling.lang)
    key = "forecast.unknown_odds" if found.probability is None else "forecast.odds"
    yield lines(
        Line(telling.say(key, name=name, day=due, odds=odds_text(found.probability)), odds_tone(found.probability))
    )
    if not found.conditions:
        return
    titles = ("milestone.condition", "forecast.probability", "forecast.weeks", "forecast.on_day", "forecast.reached")
    columns = tuple(Column(telling.say(each), "right" if n else "left", main=n < 2) for n, each in enumerate(titles))  # noqa: PLR2004
    before = [[once.conditions[n] for once in found.trend] for n in range(len(found.conditions))]
    rows = tuple(_row(each, past, telling) for each, past in zip(found.conditions, before, strict=True))
    yield without_blanks(Table(columns, rows))
    yield lines(*(Line(text, "quiet", indent=2) for text in milestone_texts(found, telling)))


def milestone_texts(found: MilestoneOdds, telling: Telling) -> Iterator[str]:
    """What most likely fails, when all would hold, and how likely that was as of earlier days."""
    weakest = found.weakest
    supposed = [each.metric for each in found.conditions if each.how is How.SCENARIO]
    if supposed:
        yield telling.say("forecast.supposed", metrics=telling.labels(dict.fromkeys(supposed)))
    if weakest and (found.probability is None or found.probability < SURE):
        yield telling.say(
            "forecast.weakest", condition=asked_text(weakest, telling), odds=odds_text(weakest.probability)
        )
    gaps = list(_gap_texts(found, telling))
    yield from gaps
    if found.probability is None:
        yield from () if gaps else (telling.say("forecast.no_odds"),)
    else:
        key = "forecast.all_reached" if found.reached else "forecast.all_later"
        yield telling.say(key, day=spell_text(found.reached, found.ends, telling))
    if shape := trend_text([each.probability for each in found.trend], found.probability, telling):
        yield telling.say("forecast.trend", weeks=len(found.trend), shape=shape)
    said = [(when, odds) for when, odds in found.earlier if odds is not None]
    if said:
        yield telling.say(
            "forecast.earlier",
            said=telling.say("list.comma").join(f"{day(when, telling.lang)} {odds_text(odds)}" for when, odds in said),
        )


def _gap_texts(found: MilestoneOdds, telling: Telling) -> Iterator[str]:
    """Which conditions read what is over and has no number, and what to do."""
    for each in found.conditions:
        if each.missing:
            cut = _cut_by(each, telling)
            gap = telling.say("forecast.missing", period=span(each.missing, telling.lang))
            why = telling.say("forecast.cut", day=day(cut, telling.lang)) if cut else gap
            yield telling.say("milestone.why", condition=asked_text(each, telling), why=why)


def _cut_by(found: ConditionOdds, telling: Telling) -> date | None:
    """The story's start, where it cuts a period of the numbers that are typed in, which are of whole periods."""
    story, every = telling.project.story, comes_by(telling.project, found.metric)
    starts = story.starts if story and isinstance(condition(found.text).reading, Since) else None
    return starts if starts and telling.calendar.period(starts, every).start != starts else None


def trend_text(before: Sequence[float | None], now: float | None, telling: Telling) -> str:
    """Probabilities week by week as bars from 0 to 100 %, the first and the last; nothing where none was before."""
    known = [each for each in before if each is not None]
    if not known or now is None:
        return ""
    bars = "".join(GAP if each is None else BARS[min(int(each * len(BARS)), len(BARS) - 1)] for each in (*before, now))
    return telling.say("forecast.shape", bars=bars, first=odds_text(known[0]), last=odds_text(now))


def _row(found: ConditionOdds, before: Sequence[float | None], telling: Telling) -> tuple[Cell, ...]:
    reached = spell_text(found.reached, found.ends, telling)
    return (
        Cell(asked_text(found, telling), "strong"),
        Cell(odds_text(found.probability), odds_tone(found.probability)),
        Cell(trend_text(before, found.probability, telling), "quiet"),
        Cell(value_text(found.median, found.meaning, telling)),
        Cell(reached, "quiet"),
    )


def spell_text(first: date | None, ends: date | None, telling: Telling) -> str:
    """From when something is more likely than not, and by when no longer where it does not last."""
    if first is None:
        return ""
    since = day(first, telling.lang)
    return telling.say("forecast.spell", day=since, ends=day(ends, telling.lang)) if ends else since


def asked_text(found: ConditionOdds, telling: Telling) -> str:
    """A condition in the reader's words."""
    asked = condition(found.text)
    wanted = level(asked.level.value, found.meaning, telling.lang)
    return f"{telling.label(found.metric)} {OPS.get(asked.op, asked.op)} {wanted}{over_text(asked.reading, telling)}"


def odds_tone(odds: float | None) -> State:
    """How a probability is to be felt."""
    if odds is None:
        return State.UNKNOWN
    return State.AHEAD if odds >= LIKELY else State.BEHIND if odds < UNLIKELY else State.ON_COURSE


def odds_text(odds: float | None) -> str:
    """A probability in whole hundredths: nothing that is sampled is certain."""
    if odds is None:
        return UNDEFINED
    return "<1%" if odds < RARE else ">99%" if odds > SURE else f"{round(odds * 100)}%"


def forecast_json(found: Forecast | None, unmeasured: Unmeasured, telling: Telling) -> Plain:
    """A forecast as plain values; quantiles by their level."""
    said = {metric: telling.say(why, metrics=telling.label(metric)) for metric, why in unmeasured}
    if found is None:
        return {"forecast": None, "unmeasured": said}
    test = found.backtest
    return {
        "metric": found.metric,
        "label": telling.label(found.metric),
        "grain": found.grain.value,
        "as_of": found.as_of.isoformat(),
        "how": found.how.value,
        "drivers": list(found.drivers),
        "steps": [
            {
                "first_day": step.period.start.isoformat(),
                "last_day": step.period.last.isoformat(),
                "quantiles": {str(at): value for at, value in zip(LEVELS, step.quantiles, strict=True)},
            }
            for step in found.steps
        ],
        "remarks": _remarks_json(found.remarks, telling),
        "backtest": test
        and {
            "tried": test.tried,
            "inside_80": test.inside,
            "error": test.error,
            "naive_error": test.naive,
            "gain": test.gain,
        },
        "unmeasured": said,
    }


def prospects_json(found: Prospects, telling: Telling) -> Plain:
    """Milestones with their probabilities as plain values."""
    return {
        "as_of": found.as_of.isoformat(),
        "milestones": [_milestone_json(each, telling) for each in found.milestones],
        "remarks": _remarks_json(found.remarks, telling),
        "unmeasured": {metric: telling.say(why, metrics=telling.label(metric)) for metric, why in found.unmeasured},
    }


def _milestone_json(found: MilestoneOdds, telling: Telling) -> Plain:
    weakest = found.weakest
    return {
        "title": found.title,
        "name": milestone_name(found.title, telling),
        "due": found.due.isoformat(),
        "probability": found.probability,
        "reached": found.reached and found.reached.isoformat(),
        "ends": found.ends and found.ends.isoformat(),
        "weakest": weakest and weakest.text,
        "earlier": [{"as_of": when.isoformat(), "probability": odds} for when, odds in found.earlier],
        "trend": [
            {
                "as_of": once.as_of.isoformat(),
                "probability": once.probability,
                "conditions": {each.text: odds for each, odds in zip(found.conditions, once.conditions, strict=True)},
            }
            for once in found.trend
        ],
        "conditions": [
            {
                "text": each.text,
                "metric": each.metric,
                "probability": each.probability,
                "how": each.how and each.how.value,
                "median": each.median,
                "reached": each.reached and each.reached.isoformat(),
                "ends": each.ends and each.ends.isoformat(),
                "missing": each.missing
                and {"first_day": each.missing.start.isoformat(), "last_day": each.missing.last.isoformat()},
            }
            for each in found.conditions
        ],
    }


def _remarks_json(remarks: Iterable[Remark], telling: Telling) -> list[Plain]:
    return [
        {
            "metric": each.metric,
            "key": each.key,
            "args": dict(each.args),
            "text": _said(each, telling.label(each.metric), telling),
        }
        for each in remarks
    ]
