"""Claims -> sentences in the reader's language: from where to where, in how long, by how much."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from shinro.analysis.promises import FAILED
from shinro.analysis.tale import matures
from shinro.definitions.meaning import meaning_of, meanings
from shinro.definitions.metric import PARTS
from shinro.definitions.phrases import condition
from shinro.definitions.tokens import Mistake
from shinro.findings.claims import Claim, Kept, Pledge, Shape, Step, Track, Was
from shinro.problems import Problem
from shinro.reports.dates import day, period
from shinro.reports.document import Statement
from shinro.reports.milestones import OPS, milestone_name, over_text
from shinro.reports.numbers import UNDEFINED, gap, grouped, level, number, signed
from shinro.reports.problems import says
from shinro.reports.readings import Telling
from shinro.series import Better, Meaning

TENTHS = Fraction(11, 10)  # less than 1.1 times is told in per cent
COUNTERS = {"ja": "社"}  # of companies; other things are counted without a word
HUNDRED = 100
SEVERAL = "metrics"  # the argument that names several
NAMING = ("metric", "kpi", "beside", "other")  # arguments of problems that name metrics


def value_text(value: Fraction | None, meaning: Meaning, telling: Telling) -> str:
    """A value as it stands in a sentence: `12社`, `27.5%`, `300万円`."""
    shown = number(value, meaning, telling.lang)
    return shown + COUNTERS.get(telling.lang, "") if value is not None and counts_companies(meaning) else shown


def counts_companies(meaning: Meaning) -> bool:
    """Whether a metric is a number of companies: a part of a recurring metric that is."""
    return PARTS.get(meaning.metric.partition(".")[2], (None, ""))[1] == "companies"


def step_text(step: Step, track: Track, telling: Telling) -> str:
    """A period's value."""
    return value_text(step.value, track.meaning, telling)


def period_text(step: Step, track: Track, telling: Telling) -> str:
    """A period's name."""
    return period(step.period, track.grain, telling.calendar, telling.words)


def factor_text(factor: Fraction, telling: Telling) -> str:
    """`4.0倍`, `4.0x`; below 1.1 times `+8.3%`."""
    if factor < TENTHS:
        return signed((factor - 1) * 100, "%")
    return telling.say("tale.times", n=grouped(factor, 0 if factor >= HUNDRED else 1))


def claim_text(claim: Claim, telling: Telling) -> str:
    """The whole sentence, with what stands beside it."""
    parts = [_clause(claim, telling), *(_beside(each, telling) for each in claim.beside)]
    return telling.say("tale.joined").join(parts)


def _clause(claim: Claim, telling: Telling) -> str:
    key = {
        Shape.TIMES: "tale.says_times",
        Shape.FROM_ZERO: "tale.says_from_zero",
        Shape.POINTS: "tale.says_points",
        Shape.SCORE: "tale.says_score",
    }[claim.shape]
    if not _improved(claim):
        key = "tale.says_worse"
    elif claim.meaning.better is Better.LOWER:
        key = "tale.says_lower"
    if claim.beside and telling.words.knows(f"{key}_and"):
        key = f"{key}_and"
    return telling.say(key, length=months_text(claim.months, telling), **_args(claim, telling))


def _beside(claim: Claim, telling: Telling) -> str:
    key = "tale.beside_times" if claim.factor and _improved(claim) else "tale.beside"
    return telling.say(key, **_args(claim, telling))


def _improved(claim: Claim) -> bool:
    return claim.change > 0 if claim.meaning.better is not Better.LOWER else claim.change < 0


def _args(claim: Claim, telling: Telling) -> dict[str, str]:
    track = claim.track
    return {
        "metric": telling.label(track.metric),
        "first": step_text(claim.first, track, telling),
        "last": step_text(claim.last, track, telling),
        "times": factor_text(claim.factor, telling) if claim.factor else "",
        "change": gap(claim.change, claim.meaning, telling.lang),
    }


def months_text(months: int, telling: Telling) -> str:
    """`6か月`, `6 months`."""
    return telling.words.plural("length.month", months)


def statement(claim: Claim, telling: Telling, evidence: str) -> Statement:
    """A claim as it is told; what it must be read with comes from the rules, and stands below it."""
    return Statement(
        claim_text(claim, telling),
        tuple(_rests_on(claim, telling, evidence)),
        tuple(mark_text(each, telling) for each in claim.marks),
        pledge_kept(claim.pledge, telling),
    )


def mark_text(found: Problem, telling: Telling) -> str:
    """What a rule says, metrics by their labels: there is no terminal here that shows names as code."""
    args = {name: _called(name, value, telling) for name, value in found.args.items()}
    args |= {"text": condition_words(str(args["text"]), telling)} if found.code == "R602" and "text" in args else {}
    return says(replace(found, args=args), telling.words).replace("`", "")


def _called(name: str, value: object, telling: Telling) -> object:
    """An argument of a problem; metrics by their labels, several as one list."""
    if name == SEVERAL and isinstance(value, Iterable):
        return telling.labels(map(str, value))
    return telling.label(str(value)) if _is_metric(name, value, telling) else value


def _is_metric(name: str, value: object, telling: Telling) -> bool:
    return name in NAMING and isinstance(value, str) and value in meanings(telling.project)


def _rests_on(claim: Claim, telling: Telling, evidence: str) -> Iterator[tuple[str, str]]:
    """What and which, in the reader's words."""
    track = claim.track
    yield telling.say("tale.kpi"), f"{telling.label(track.metric)} ({track.metric})"
    yield telling.say("tale.period"), spans(claim, telling)
    if claim.pledge.title is not None:
        yield telling.say("tale.milestone"), pledge_text(claim.pledge, claim.pledge.title, telling)
    for step in (claim.first, claim.last):
        if step.published and _is_late(step, track.metric, telling):
            late = telling.say("tale.late_says", period=period_text(step, track, telling), day=_day(step, telling))
            yield telling.say("tale.late"), late
    if len({step.definition for step in track.complete}) > 1:
        yield telling.say("tale.definition"), telling.say("tale.redefined")
    if claim.written:
        yield telling.say("tale.own_words"), claim.written
    yield telling.say("tale.evidence"), evidence


def _is_late(step: Step, metric: str, telling: Telling) -> bool:
    """Whether it was published after the next period had ended, those that must wait for the young left out."""
    waits = timedelta(days=matures(telling.project, metric) + step.period.length)
    return step.late and step.published is not None and step.published >= step.period.end + waits


def _day(step: Step, telling: Telling) -> str:
    return day(step.published, telling.lang) if step.published else UNDEFINED


def spans(claim: Claim, telling: Telling) -> str:
    """From which period to which, and how many were published between."""
    first, last = (period_text(each, claim.track, telling) for each in (claim.first, claim.last))
    n = len(claim.track.complete)
    return telling.say(
        "tale.from_to", first=first, last=last, n=n, grain=telling.say(f"grain.{claim.track.grain.value}")
    )


def was_text(step: Step, was: Was, after: Was | Step, track: Track, telling: Telling) -> str:
    """What stood in a period, and what took its place then: `2026年3月: 205（3月5日）→ 201（7月1日）、理由`."""
    return telling.say(
        "tale.was",
        period=period_text(step, track, telling),
        old=value_text(was.value, track.meaning, telling),
        first=day(was.published, telling.lang),
        new=value_text(after.value, track.meaning, telling),
        last=day(after.published, telling.lang) if after.published else UNDEFINED,
        reason=was.reason or telling.say("tale.no_reason"),
    )


def kept_text(kept: Kept, telling: Telling) -> str:
    """How a claim or a milestone stands to what was promised."""
    return telling.say(f"kept.{kept.value}")


def kept_by_day(kept: Kept, telling: Telling, *, ahead: bool) -> str:
    """How it stands; where its day is still to come, a miss is one of what was promised before."""
    said = kept_text(kept, telling)
    return telling.say("tale.kept_before", kept=said) if ahead and kept in FAILED else said


def pledge_kept(pledge: Pledge, telling: Telling) -> str:
    """How a condition was kept; where the figures first published say worse, or its very day another, that too."""
    kept = kept_by_day(pledge.kept, telling, ahead=pledge.ahead)
    if pledge.on_day is not None and pledge.due and pledge.metric:
        meaning = meaning_of(pledge.metric, meanings(telling.project))
        then = {"day": day(pledge.due, telling.lang), "value": value_text(pledge.on_day, meaning, telling)}
        kept = telling.say("tale.kept_on_day", kept=kept, **then)
    return telling.say("tale.kept_first", kept=kept, first=kept_text(pledge.first, telling)) if pledge.first else kept


def pledge_text(pledge: Pledge, title: str, telling: Telling) -> str:
    """The milestone, its condition and its dates by the record."""
    dates = [telling.say("tale.due", day=day(pledge.due, telling.lang))] if pledge.due else []
    dates += [telling.say("tale.declared", day=day(pledge.declared, telling.lang))] if pledge.declared else []
    dates += [telling.say("tale.reached", days=held_text(pledge, telling))] if pledge.reached else []
    named = f"{milestone_name(title, telling)}: {condition_words(pledge.text, telling)}"
    return telling.say("tale.pledge", named=named, dates=telling.say("list.comma").join(dates))


def held_text(pledge: Pledge, telling: Telling) -> str:
    """Since when a condition has held, where it does no more, only when it did; and that it held before that too."""
    if pledge.reached is None:
        return ""
    if not pledge.earlier:
        return _run_text(pledge, telling, only="_only")
    key = "tale.held_unseen" if pledge.unseen else "tale.held_earlier"
    return telling.words.plural(key, pledge.earlier, held=_run_text(pledge, telling, only=""))


def _run_text(pledge: Pledge, telling: Telling, *, only: str) -> str:
    """The run of periods in which it held; `only`: of the sentences that say that it held in no other."""
    assert pledge.reached is not None  # noqa: S101 - told of what was reached alone
    since, ended = day(pledge.reached, telling.lang), pledge.ended
    if ended is None:
        return telling.say("tale.held_breaks" if pledge.breaks else "tale.held", since=since)
    if ended.last == pledge.reached and pledge.grain:
        name = period(ended, pledge.grain, telling.calendar, telling.words)
        return telling.say(f"tale.held_in{only}", period=name)
    key = "tale.held_until_breaks" if pledge.breaks else f"tale.held_until{only}"
    return telling.say(key, since=since, until=day(ended.last, telling.lang))


def condition_words(text: str, telling: Telling) -> str:
    """A condition as the record holds it, in the reader's words; of a metric that has gone, as it was written."""
    try:
        asked = condition(text)
    except Mistake:
        return text
    metric = f"{asked.metric}.{asked.part}" if asked.part else asked.metric
    known = meanings(telling.project)
    if metric not in known:
        return text
    shown = level(asked.level.value, known[metric], telling.lang)
    return f"{telling.label(metric)} {OPS.get(asked.op, asked.op)} {shown}{over_text(asked.reading, telling)}"
