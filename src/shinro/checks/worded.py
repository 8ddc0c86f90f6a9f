"""Worded: why a written claim is not told, by its words and its own arithmetic alone; no record is needed."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from fractions import Fraction
from itertools import pairwise

from shinro.checks import tall
from shinro.checks.crowds import CROWD, company, is_called, is_crowd, is_running_total
from shinro.checks.numerals import Words
from shinro.checks.promises import name_of
from shinro.checks.quantities import Lean, Quantity, Sort
from shinro.checks.references import metric_names
from shinro.checks.sentences import Sentence
from shinro.definitions.meaning import meaning_of, meanings
from shinro.definitions.project import Project
from shinro.definitions.story import Said, Traction
from shinro.problems import Listed, Problem, problem
from shinro.series import Nature
from shinro.units import days, months

LONGEST = 400  # characters of a claim
RESULTS = frozenset({Sort.AMOUNT, Sort.PERCENT, Sort.POINTS, Sort.TIMES})
ARROW = Words(r"^[^。.;]{0,3}(?:から|→|⇒|➡|⟶|->|=>|\bto\b)[^。.;]{0,4}$")


def incomplete(said: Said) -> Iterator[Problem]:
    """A claim has its words, its KPI, its first and its last day, in that order."""
    missing = [key for key in ("says", "kpi", "starts", "ends") if getattr(said, key) is None and key not in said.lost]
    if missing:
        yield problem("R601", said.place, case="missing", missing=missing)
    if said.starts and said.ends and said.starts >= said.ends:
        yield problem("R601", said.at("ends"), case="backwards", starts=said.starts, ends=said.ends)


def too_long(said: Said) -> Iterator[Problem]:
    """A claim is a sentence, or two: what is longer is read by nobody, and its numbers would be compared for ever."""
    longest = max((len(text) for text in said.says.texts.values()), default=0) if said.says else 0
    if longest > LONGEST:
        yield problem("R601", said.at("says"), case="long", length=longest, most=LONGEST)


def traced(said: Said, project: Project) -> Iterator[Problem]:
    """A claim names the milestone that it fulfils, and that milestone speaks of its KPI."""
    metric = str(said.kpi) if said.kpi else ""
    if said.milestone is None:
        if "milestone" not in said.lost:
            yield problem("R602", said.place, case="unplanned", metric=metric)
        return
    names = {name_of(milestone): milestone for milestone in project.milestones}
    found = names.get(said.milestone)
    if found is None:
        near = get_close_matches(said.milestone, names, 1, cutoff=0.3)
        known = near[0] if near else ", ".join(names) or Listed.NOTHING
        yield problem("R602", said.at("milestone"), case="unknown", milestone=said.milestone, near=known)
        return
    goals = [goal.condition for goal in found.reach if goal.condition]
    if said.kpi and metric not in {f"{each.metric}.{each.part}" if each.part else each.metric for each in goals}:
        yield problem("R602", said.at("milestone"), case="elsewhere", milestone=said.milestone, metric=metric)


def worded(said: Said, words: Sentence, traction: Traction, project: Project) -> Iterator[Problem]:
    """What one sentence of a claim says by itself."""
    if words.metric not in metric_names(project):
        return
    yield from _tall(said, words)
    yield from _total(said, words, project)
    yield from _crowd(said, words, traction, project)
    yield from _money(said, words, traction, project)
    yield from _bare(said, words, project)
    yield from _arithmetic(said, words)


def _tall(said: Said, words: Sentence) -> Iterator[Problem]:
    """No rank without a source, no company of those alone who stayed."""
    rank, kept = tall.SUPERLATIVE.search(words.text), tall.KEPT_ONLY.search(words.text)
    if rank:
        yield problem("R601", said.at("says"), case="superlative", said=words.quote(rank[0]), metric=words.metric)
    if kept:
        yield problem("R607", said.at("says"), case="kept", said=words.quote(kept[0]), metric=words.metric)


def _total(said: Said, words: Sentence, project: Project) -> Iterator[Problem]:
    flows = meaning_of(words.metric, meanings(project)).nature is Nature.FLOW
    since = tall.SINCE.search(words.text) if flows and _levels(words) is None else None
    found = tall.CUMULATIVE.search(words.text) or since
    if found and not tall.NOT_CUMULATIVE.search(words.text):
        yield problem("R603", said.at("says"), case="said", said=words.quote(found[0]), metric=words.metric)
    elif is_running_total(project, words.metric):
        yield problem("R603", said.at("says"), case="counted", metric=words.metric)


def _crowd(said: Said, words: Sentence, traction: Traction, project: Project) -> Iterator[Problem]:
    named = [words.metric, *(each.metric for each in words.mentions)]
    beside = company(project, [*map(str, (traction.headline, *traction.supports)), *named])
    crowd = is_crowd(project, words.metric) or (
        is_running_total(project, words.metric) and is_called(project, words.metric, CROWD)
    )
    if crowd and beside:
        yield Problem(said.at("says"), "R604", {"case": "said", "metric": words.metric, **beside})


def _money(said: Said, words: Sentence, traction: Traction, project: Project) -> Iterator[Problem]:
    """Revenue is revenue: no orders, no goods that changed hands, no letters; a year's rate says what it is."""
    place, text, metric = said.at("says"), words.text, words.metric
    earned = tall.REVENUE.search(text)
    if earned and not tall.DENIED.search(text):
        promised = tall.PROMISED.search(text)
        if promised:
            yield problem("R610", place, case="counted", said=words.quote(promised[0]), metric=metric)
        elif is_called(project, metric, tall.NOT_REVENUE) and not is_called(project, metric, tall.REVENUE):
            yield problem("R610", place, case="named", said=words.quote(earned[0]), metric=metric)
    yearly = tall.ARR.search(text)
    if (yearly or metric.endswith(".arr")) and not tall.RUN_RATE.search(text):
        yield problem("R610", place, case="arr", metric=metric)
    told = [str(ref) for ref in (traction.headline, *traction.supports)]
    net = tall.NRR.search(text) or metric.endswith(".nrr")
    if net and not tall.GRR.search(text) and not any(is_called(project, each, tall.GRR) for each in told):
        yield problem("R610", place, case="nrr", metric=metric)


def _bare(said: Said, words: Sentence, project: Project) -> Iterator[Problem]:
    """A number at least; and no index without what it stands for."""
    lasts = meaning_of(words.metric, meanings(project)).unit in (days(), months())
    told = [each for each in words.quantities if each.sort in RESULTS or (lasts and each.sort is Sort.SPAN)]
    in_a_row = tall.A_ROW.search(words.text) and words.quantities
    if not told and not in_a_row:
        yield problem("R601", said.at("says"), case="wordless", metric=words.metric)
    index = tall.INDEX.search(words.text)
    if index and _levels(words) is None and not is_called(project, words.metric, tall.INDEX):
        yield problem("R606", said.at("says"), case="index", said=words.quote(index[0]), metric=words.metric)


def _levels(words: Sentence) -> tuple[Quantity, Quantity] | None:
    """The two ends that a sentence tells with an arrow between them: `3社から12社`, `from 3 to 12`."""
    levels = [each for each in words.quantities if each.sort in (Sort.AMOUNT, Sort.PERCENT) and not each.signed]
    for before, after in pairwise(levels):
        if before.sort is after.sort and ARROW.search(words.text[before.end : after.start]):
            return before, after
    return None


def _arithmetic(said: Said, words: Sentence) -> Iterator[Problem]:
    """From 3 to 12 is 4 times, not 5: a multiple told beside both ends is theirs."""
    ends = _levels(words)
    times = [each for each in words.quantities if each.sort is Sort.TIMES and each.lean is Lean.EXACT]
    if not ends or len(times) != 1 or words.others or ends[0].value <= ends[0].unit:
        return
    first, last = ends
    least = (last.value - _slack(last)) / (first.value + _slack(first))
    most = (last.value + _slack(last)) / (first.value - _slack(first))
    (told,) = times
    inverse = min(Fraction(1) / each for each in (least, most) if each > 0) if least > 0 else least
    half = told.unit / 2
    if not (least - half <= told.value <= most + half or (inverse - half <= told.value <= 1 / least + half)):
        yield problem(
            "R601",
            said.at("says"),
            case="arithmetic",
            said=words.quote(told.text),
            first=words.quote(first.text),
            last=words.quote(last.text),
            metric=words.metric,
        )


def _slack(told: Quantity) -> Fraction:
    """How far the true number may be from a rounded one; a whole count is exact."""
    exact = told.sort is Sort.AMOUNT and told.unit == 1 and told.lean is Lean.EXACT
    return Fraction(0) if exact else told.unit / 2
