"""Questions that have no answer, refused with a reason: adding what does not add, reading what has no such period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shinro.definitions.beginnings import by_its_name, unbegun
from shinro.definitions.buckets import wrong_buckets
from shinro.definitions.columns import disagreements
from shinro.definitions.ends import never_cut, one_and_the_same
from shinro.definitions.expression import Binary, Call, Name, Negative, Node, Number, walk
from shinro.definitions.following import unfollowed
from shinro.definitions.literals import amounts, misfits
from shinro.definitions.metric import Metric
from shinro.definitions.periodic import accrues, comes_by, counts_once, is_shorter
from shinro.definitions.phrases import Condition, Over, Per, Since
from shinro.definitions.policies import misruled
from shinro.definitions.pooling import has_parts, rates_within
from shinro.definitions.printing import number_text
from shinro.definitions.project import Project
from shinro.definitions.story import Target
from shinro.definitions.tree import is_previous, reads
from shinro.definitions.values import Formula
from shinro.definitions.windows import windows
from shinro.problems import Place, Problem, problem
from shinro.series import Meaning, Nature

ADDS = ("count", "sum")
COUNTS = ("count", "count_distinct", "stock", "active")  # never below 0
LEVELS = {"level", "to", "growth", "steps", "file", "each"}  # keys of a target that lead to a level


def refusals(project: Project, meanings: Mapping[str, Meaning]) -> Iterator[Problem]:
    """Everything in a project that asks for a number that does not exist (codes Q130 to Q150)."""
    yield from disagreements(project)
    yield from misfits(project, meanings)
    yield from _metrics(project, meanings)
    yield from windows(project)
    yield from wrong_buckets(project)
    yield from one_and_the_same(project)
    yield from never_cut(project)
    yield from unfollowed(project)
    yield from misruled(project)
    for milestone in project.milestones:
        for goal in milestone.reach:
            if goal.condition:
                yield from _condition(project, meanings, goal.condition, goal.place)
    for name, target in project.targets.items():
        meaning = meanings.get(str(name))
        if meaning:
            yield from _target(project, meaning, target)


def _metrics(project: Project, meanings: Mapping[str, Meaning]) -> Iterator[Problem]:
    for name, metric in project.metrics.items():
        if metric.cumulative:
            inner = meanings.get(str(metric.cumulative))
            if inner and not _adds(project, inner):
                yield problem(
                    "Q135", metric.cumulative.place, metric=str(name), of=inner.metric, nature=_kind(project, inner)
                )
        if metric.derived:
            yield from _sums(meanings, str(name), metric.derived.node, metric.derived.text.place)
        formula = metric.derived or metric.ratio
        if formula:
            yield from _means(meanings, str(name), formula)
            yield from _beginning(str(name), formula)
        if formula and not reads(formula.node) and not unbegun(formula.node) and not _no_division(metric):
            yield problem("Q149", formula.text.place, metric=str(name))
    for node, formula in project.tree.items():
        yield from _sums(meanings, str(node), formula.node, formula.text.place)


def _no_division(metric: Metric) -> bool:
    """Whether a ratio is none (code S127)."""
    node = metric.ratio.node if metric.ratio else None
    return node is not None and not (isinstance(node, Binary) and node.op == "/")


def _beginning(metric: str, formula: Formula) -> Iterator[Problem]:
    """A metric that is made of its own earlier values needs a first one, and reads them as `previous`."""
    if at := unbegun(formula.node):
        yield problem("Q147", formula.text.place.shifted(at.at), metric=metric)
    elif named := by_its_name(metric, formula.node):
        yield problem("Q147", formula.text.place.shifted(named.at), case="named", metric=metric)


def _sums(meanings: Mapping[str, Meaning], metric: str, node: Node, place: Place) -> Iterator[Problem]:
    """Two rates under one plus have different bases: their sum, and so their average, means nothing."""
    for part in walk(node):
        if not isinstance(part, Binary) or part.op != "+":
            continue
        rates = [name for name in _terms(part) if _is_rate(meanings, name)]
        if len(rates) > 1:
            first = meanings[rates[0].path]
            over, base = first.numerator or "?", first.denominator or "?"
            args = {"metric": metric, "rates": ", ".join(name.path for name in rates), "over": over, "base": base}
            yield Problem(place.shifted(part.at), "Q134", args)
            return


def _means(meanings: Mapping[str, Meaning], metric: str, formula: Formula) -> Iterator[Problem]:
    """The periods of a ratio have bases of their own: their mean is no ratio of anything."""
    for part in walk(formula.node):
        if not isinstance(part, Call) or part.function != "mean":
            continue
        name, *_ = (each for each in part.args if isinstance(each, Name))
        meaning = meanings.get(name.path)
        if meaning and (meaning.nature is Nature.RATIO or _is_rate(meanings, name)):
            over, base = meaning.numerator or "a", meaning.denominator or "b"
            args = {"case": "mean", "metric": metric, "rates": name.path, "over": over, "base": base}
            yield Problem(formula.text.place.shifted(part.at), "Q134", args)


def _terms(node: Node) -> list[Name]:
    if isinstance(node, Binary) and node.op in "+-":
        return _terms(node.left) + _terms(node.right)
    if isinstance(node, Negative):
        return _terms(node.of)
    return [node] if isinstance(node, Name) and not is_previous(node) else []


def _is_rate(meanings: Mapping[str, Meaning], name: Name) -> bool:
    meaning = meanings.get(name.path)
    return meaning is not None and meaning.nature in (Nature.RATIO, Nature.WINDOWED) and meaning.percent


def _adds(project: Project, meaning: Meaning) -> bool:
    """Whether a metric's periods add up: counts and sums do; stocks, rates and distinct counts do not."""
    metric = project.metric(meaning.metric)
    if meaning.nature is not Nature.FLOW or metric is None or not metric.ways:
        return False
    return metric.way in (*ADDS, "derived", "recurring", "reported")


def _kind(project: Project, meaning: Meaning) -> str:
    metric = project.metric(meaning.metric)
    if meaning.nature is Nature.FLOW and metric and metric.ways:
        return metric.way
    return meaning.nature.value


def _of_a_period(project: Project, meaning: Meaning) -> bool:
    """Whether a metric's numbers change with the length of the period: then a level says which one it means."""
    counted = accrues(project, meaning.metric) or counts_once(project, meaning.metric)
    return meaning.nature is Nature.FLOW or (meaning.nature is Nature.WINDOWED and counted)


def _condition(
    project: Project, meanings: Mapping[str, Meaning], condition: Condition, place: Place
) -> Iterator[Problem]:
    path = f"{condition.metric}.{condition.part}" if condition.part else condition.metric
    meaning = meanings.get(path)
    if meaning is None:
        return
    flow, stock = meaning.nature is Nature.FLOW, meaning.nature is Nature.STOCK
    reading = condition.reading
    if flow and not isinstance(reading, Per | Since):
        yield problem("Q131", place, metric=path)
    elif isinstance(reading, Since) and stock:
        yield problem("Q136", place, metric=path, kind=_kind(project, meaning))
    elif isinstance(reading, Per) and not _of_a_period(project, meaning):
        yield problem("Q137", place, case="none", metric=path, nature=meaning.nature.value)
    elif isinstance(reading, Over) and (flow or stock or _of_a_period(project, meaning)):
        yield problem("Q138", place, metric=path, nature=meaning.nature.value)
    elif isinstance(reading, Per | Over) and is_shorter(project, path, reading.grain):
        every, per = comes_by(project, path).value, reading.grain.value
        yield problem("Q137", place, case="shorter", metric=path, every=every, per=per)
    elif isinstance(reading, Over) and not has_parts(project, path):
        yield problem("Q150", place, case="bare", metric=path)
    elif isinstance(reading, Over) and (rates := rates_within(project, path)):
        yield problem("Q150", place, case="rates", metric=path, rate=rates[0])


def _target(project: Project, meaning: Meaning, target: Target) -> Iterator[Problem]:
    written = target.level or target.from_ or next(iter(target.steps.values()), None)
    per = target.per or (written.level.per if written else None)
    if _of_a_period(project, meaning) and per is None and not target.file and not (target.before and target.is_blank):
        yield problem("Q139", target.place, metric=meaning.metric)
    for amount in amounts(target):
        if target.per and amount.level.per not in (None, target.per):
            args = {"metric": meaning.metric, "text": str(amount.text), "per": target.per.value}
            yield Problem(amount.place, "Q145", args)
    yield from _course(project, meaning.metric, target)
    yield from _below_nothing(project, meaning.metric, target)


def _course(project: Project, metric: str, target: Target) -> Iterator[Problem]:
    """A path that leads nowhere: without its level or its day, ending before it begins, or leaping."""
    starts = target.starts or (project.story.starts if project.story else None)
    by = target.by.day(starts) if target.by else None
    if not target.places.keys() & LEVELS and not target.before:
        yield problem("Q146", target.place, metric=metric, case="level")
    elif "to" in target.places and "by" not in target.places:
        yield problem("Q146", target.at("to"), metric=metric, case="by")
    elif by and starts and by <= starts:
        yield problem("Q146", target.at("by"), metric=metric, case="past", by=by, starts=starts)
    if target.growth and abs(target.growth.level.number.value) >= 1:
        share, whole = (number_text(Number(target.growth.level.number.value / of, "%")) for of in (100, 1))
        yield problem("Q146", target.growth.place, metric=metric, case="growth", found=whole, share=share)


def _below_nothing(project: Project, metric: str, target: Target) -> Iterator[Problem]:
    """A count is never negative."""
    found = project.metric(metric)
    if found and found.ways and found.way in COUNTS:
        for amount in amounts(target):
            if amount.level.number.value < 0:
                yield problem("Q146", amount.place, metric=metric, case="negative", found=str(amount.text))
