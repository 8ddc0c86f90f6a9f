"""What each metric's numbers mean: nature, unit, which way is good, what they are made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

from shinro.definitions.ends import begins
from shinro.definitions.expression import Binary, Call, Name, Node, Number, children, names, walk
from shinro.definitions.metric import AGGREGATES, Metric
from shinro.definitions.paid_in import paid_in
from shinro.definitions.policies import policy_text
from shinro.definitions.portions import is_per_entity, is_portion
from shinro.definitions.printing import text
from shinro.definitions.project import Project, is_whole
from shinro.definitions.tree import KEPT, telescopes
from shinro.series import Better, Meaning, Nature
from shinro.units import CURRENCIES, CURRENCY_SIGNS, NUMBER, Unit, count, days, money, months, points, score, times

CUTS = frozenset({"timezone", "week_starts", "fiscal_year_starts", "currency"})
SHOWN = frozenset({"dimensions"})  # a table's keys that no number depends on
Look = Callable[[str], Meaning]

PERCENT = ("%", "percent", "パーセント")

# Units that a metric may state by name; any other word is what is counted.
STATED: Mapping[str, Unit] = {
    **dict.fromkeys((*PERCENT, "number"), NUMBER),
    **dict.fromkeys(("days", "日"), days()),
    **dict.fromkeys(("months", "か月", "ヶ月", "カ月"), months()),
    **dict.fromkeys(("points", "ポイント"), points()),
    **dict.fromkeys(("times", "x", "倍"), times()),
}

MONEY_WORDS = re.compile(
    r"amount|revenue|price|sales_value|close_value|mrr|arr\b|fee|cost|spend|金額|売上|受注額|単価|価格|費用|料金|粗利",
    re.IGNORECASE,
)
WORSE_WORDS = re.compile(
    r"churn|cancel|contraction|refund|complain|lost|cost|(?<!ltv.)(?<!_to_)cac\b|payback|lead_?time|overdue|defect|bounce|unsubscri"
    r"|\bburn|_burn|detractor"
    r"|解約|失注|退会|離脱|返金|苦情|クレーム|費用|コスト|獲得単価|回収期間|滞納|不良|休眠|バーン|批判者",
    re.IGNORECASE,
)
RATE_WORDS = re.compile(
    r"(?:^|[^a-z])(?:rate|share|percent(?:age)?)s?(?![a-z])|(?<![倍効能])(?<!回転)率|割合|シェア", re.IGNORECASE
)  # 倍率, 効率, 能率 and 回転率 say how many times or how much, of no whole


@dataclass(frozen=True, slots=True)
class Fact:
    """The rows that a simple metric is measured from."""

    table: str
    moment: str | None  # the column that dates a row; None for a stock


@lru_cache(maxsize=KEPT)
def meanings(project: Project) -> Mapping[str, Meaning]:
    """Metric or part -> its meaning, for every metric that has exactly one way to be measured.

    Names that are not defined, and circles, leave a plain number: the checks say what is wrong with them.
    """
    known: dict[str, Meaning] = {}
    for name, metric in project.metrics.items():
        _meaning(project, str(name), known, frozenset())
        for part in metric.parts:
            _meaning(project, f"{name}.{part}", known, frozenset())
    return MappingProxyType(known)


def fact(project: Project, metric: str) -> Fact | None:
    """The table and the time that a simple metric is measured from; None for what is made of other metrics."""
    found = project.metric(metric)
    table = project.table(found.table) if found and found.ways else None
    if not found or not table or not found.table:
        return None
    return Fact(found.table, None if found.stock else table.moment(found.at_))


def fact_tables(project: Project, metric: str, seen: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Every table that a metric is measured from in the end, each once."""
    found = project.metric(metric)
    if not found or not found.ways or metric in seen:
        return ()
    if found.table:
        return (found.table,)
    if found.events:
        return (found.events,)
    formula = found.ratio or found.derived
    inner = [name.path for name in names(formula.node)] if formula else []
    inner += [str(found.cumulative)] if found.cumulative else []
    tables = [str(found.to.table)] if found.to and found.to.table else []
    ends = [found.conversion, str(found.to.metric) if found.to and found.to.metric else None]
    inner += [str(end) for end in ends if end and not project.table(end)]
    tables = [*(str(end) for end in ends if end and project.table(end)), *tables]
    tables += [table for name in inner for table in fact_tables(project, name, seen | {metric})]
    return tuple(dict.fromkeys(tables))


def is_read(project: Project, metric: str) -> bool:
    """Whether all that a metric's numbers depend on could be read: they would be those of another definition.

    Its own keys, its tables' and their sources', and how the company cuts time.
    """
    found = project.metric(metric)
    if found is None or not is_whole(found) or project.lost & CUTS:
        return False
    tables = [table for name in fact_tables(project, metric) if (table := project.table(name))]
    froms = [*(table.from_ for table in tables), *([found.reported] if found.reported else [])]
    sources = (project.source(from_.partition(".")[0]) for from_ in froms)
    return not any(table.lost - SHOWN for table in tables) and not any(source.lost for source in sources if source)


def _meaning(project: Project, metric: str, known: dict[str, Meaning], path: frozenset[str]) -> Meaning:
    if metric in known:
        return known[metric]
    found = project.metric(metric)
    if found is None or len(found.ways) != 1 or metric in path:
        return Meaning(metric, Nature.FLOW)
    path |= {metric}
    name, _, part = metric.partition(".")
    if found.parts and (part or found.recurring):
        _parts(project, found, name, known)
        return known.get(metric, Meaning(metric, Nature.FLOW))
    meaning = _of_way(project, metric, found, lambda name: _meaning(project, name, known, path))
    kpi = project.kpi(metric)
    better = found.better or (kpi.better if kpi else None) or meaning.better
    population = text(found.where.node) if found.where else None
    sources = _sources(project, metric)
    known[metric] = replace(
        meaning, better=better, population=population, sources=sources, by_definition=telescopes(project, metric)
    )
    return known[metric]


def _sources(project: Project, metric: str) -> tuple[str, ...]:
    found = project.metric(metric)
    if found and found.reported:
        return (found.reported.partition(".")[0],)
    tables = [project.table(name) for name in fact_tables(project, metric)]
    return tuple(dict.fromkeys(table.from_.partition(".")[0] for table in tables if table))


def _parts(project: Project, metric: Metric, name: str, known: dict[str, Meaning]) -> None:
    start = begins(project, name)
    company = count(start.entity if start and start.entity else "companies")
    currency = paid_in(project, metric) if metric.recurring else project.currency or "JPY"
    units = {
        "money": money(currency),
        "companies": company,
        "entities": company,
        "money per company": money(currency) / company,
        "share": NUMBER,
        "number": NUMBER,
        "days": days(),
    }
    for part, (nature, unit, better) in metric.parts.items():
        path = f"{name}.{part}"
        kpi = project.kpi(path)
        known[path] = Meaning(
            path,
            nature,
            units[unit],
            (kpi.better if kpi else None) or better,
            unit == "share",
            *_over(metric, name, part),
            currency=units[unit].currency,
            window=_window(metric),
            sources=_sources(project, name),
            policy=policy_text(metric) if metric.recurring else None,
        )


def _over(metric: Metric, name: str, part: str) -> tuple[str | None, str | None]:
    """What a funnel's rate is over what: a step over the one before."""
    steps = list(map(str, metric.steps))
    step = part.removesuffix("_rate")
    if part in steps or not part.endswith("_rate") or step not in steps:
        return None, None
    return f"{name}.{step}", f"{name}.{steps[steps.index(step) - 1]}"


def _of_way(project: Project, metric: str, found: Metric, look: Look) -> Meaning:
    way = found.way
    if way == "ratio" and found.ratio and isinstance(found.ratio.node, Binary):
        return _ratio(project, metric, found, found.ratio.node, look)
    if way in ("ratio", "derived") and (formula := found.ratio or found.derived):
        return _derived(project, metric, found, formula.node, look)
    if way == "cumulative":
        inner = look(str(found.cumulative))
        return replace(inner, metric=metric, nature=Nature.STOCK)
    if way == "retention":
        rate = Meaning(metric, Nature.WINDOWED, NUMBER, Better.HIGHER, percent=True, window=_window(found))
        return replace(rate, numerator=f"{metric}.kept", denominator=f"{metric}.cohort")
    if way in ("conversion", "funnel"):
        rate = Meaning(metric, Nature.WINDOWED, NUMBER, Better.HIGHER, percent=True, window=_window(found))
        steps = list(map(str, found.steps)) or ["cohort", "converted"]
        return replace(rate, numerator=f"{metric}.{steps[-1]}", denominator=f"{metric}.{steps[0]}")
    if way == "reported":
        unit = _stated(project, found) or score(metric)
        nature = found.nature or Nature.STOCK
        return Meaning(metric, nature, unit, Better.NONE, percent=found.unit in PERCENT, currency=unit.currency)
    return _simple(project, metric, found)


def _window(found: Metric) -> str | None:
    if found.retention and found.after:
        until = f" to {found.until.text}" if found.until else ""
        return f"{found.after.text}{until}" + (" on or after" if found.counted == "on or after" else "")
    span = found.within or found.after
    return str(span.text) if span else None


def _simple(project: Project, metric: str, found: Metric) -> Meaning:
    unit = _stated(project, found) or _counted(project, found)
    nature = {"stock": Nature.STOCK, "active": Nature.WINDOWED}.get(found.way, Nature.FLOW)
    directed = found.way in ("count", "count_distinct", "sum", "active")
    better = _direction(project, metric) if directed else Better.NONE
    return Meaning(
        metric, nature, unit, better, percent=found.unit in PERCENT, currency=unit.currency, window=_window(found)
    )


def _stated(project: Project, found: Metric) -> Unit | None:
    if not found.unit:
        return None
    stated = str(found.unit)
    if stated in CURRENCIES or stated in CURRENCY_SIGNS:
        return money(CURRENCY_SIGNS.get(stated, stated))
    return money(project.currency or "JPY") if stated == "money" else STATED.get(stated, count(stated))


def _counted(project: Project, found: Metric) -> Unit:
    table = project.table(found.table)
    if found.way in AGGREGATES and found.column:
        column = found.column.column
        is_money = (table and column == table.amount) or MONEY_WORDS.search(column)
        return money(project.currency or "JPY") if is_money else count(column)
    if found.count_distinct:
        return count(found.count_distinct.column)
    if found.active:
        followed = project.table(found.active)
        return count(str(followed.entity if followed and followed.entity else found.active))
    if table and table.entity and table.key == table.entity:
        return count(str(table.entity))
    return count(str(found.table or "rows"))


def _direction(project: Project, metric: str) -> Better:
    """Words say that less is better (解約, churn); else more of what is counted is."""
    return Better.LOWER if _is_called(project, metric, WORSE_WORDS) else Better.HIGHER


def _is_called(project: Project, metric: str, words: re.Pattern[str]) -> bool:
    """Whether a metric's name or one of its labels holds words."""
    found = project.metric(metric)
    names = [metric, *(found.label.texts.values() if found and found.label else ())]
    return any(words.search(name) for name in names)


def _ratio(project: Project, metric: str, found: Metric, node: Binary, look: Look) -> Meaning:
    over, base = _unit(node.left, look), _unit(node.right, look)
    unit = over / base
    tables = {fact_tables(project, name.path) for name in names(node)}
    alike = not unit.kind.powers and len(tables) == 1 and not found.unit
    share = found.unit in PERCENT or (alike and _is_share(project, metric, node))
    stated = _stated(project, found)
    if share:
        unit = stated or NUMBER
    elif stated and not _is_kept(unit, over, stated):
        unit = stated
    words = _direction(project, metric)
    inner = _inner_better(node.left, look)
    better = Better.LOWER if words is Better.LOWER else inner
    return Meaning(metric, Nature.RATIO, unit, better, share, text(node.left), text(node.right), currency=unit.currency)


def _is_kept(unit: Unit, over: Unit, stated: Unit) -> bool:
    """Whether a stated unit says what a ratio is an amount or a number of, and leaves per what it is."""
    return bool(unit.kind.powers) and (
        stated == over or (stated.currency is not None and stated.currency == unit.currency)
    )


def _is_share(project: Project, metric: str, node: Binary) -> bool:
    """Whether a ratio of one table is a share: of a part, or called a rate, unless it says how many each has."""
    if is_portion(project, node.left, node.right):
        return True
    return _is_called(project, metric, RATE_WORDS) and not is_per_entity(project, node.left, node.right)


def _inner_better(node: Node, look: Look) -> Better:
    """The way that is good of all that is read; a difference has that of what it starts from."""
    found = {look(name.path).better for name in _leading(node)}
    return found.pop() if len(found) == 1 else Better.NONE


def _leading(node: Node) -> list[Name]:
    if isinstance(node, Name):
        return [node]
    parts = (node.left,) if isinstance(node, Binary) and node.op == "-" else children(node)
    return [name for part in parts for name in _leading(part)]


def _derived(project: Project, metric: str, found: Metric, node: Node, look: Look) -> Meaning:
    natures = {look(name.path).nature for name in names(node) if name.path != "previous"}
    nature = Nature.RATIO if _divides(node) else _natural(natures)
    unit = _stated(project, found) or _unit(node, look)
    grows = _grows(node)
    better = _inner_better(node, look) if grows or not _divides(node) else Better.NONE
    percent = found.unit in PERCENT or (grows and not found.unit)
    return Meaning(metric, found.nature or nature, unit, better, percent, currency=unit.currency)


def _natural(natures: set[Nature]) -> Nature:
    for nature in (Nature.FLOW, Nature.STOCK, Nature.WINDOWED):
        if nature in natures:
            return nature
    return Nature.RATIO


def _divides(node: Node) -> bool:
    return any((isinstance(part, Binary) and part.op == "/") or _grows(part) for part in walk(node))


def _grows(node: Node) -> bool:
    """Whether it is a growth, which is a share of what was there before."""
    return isinstance(node, Call) and node.function == "cmgr"


def _unit(node: Node, look: Look) -> Unit:
    """The unit of a formula; a sum has its first term's (the checks compare the others)."""
    if isinstance(node, Name):
        return look(node.path).unit
    if isinstance(node, Number):
        return money(node.unit) if node.unit in CURRENCIES else NUMBER
    if isinstance(node, Binary) and node.op in "*/":
        left, right = _unit(node.left, look), _unit(node.right, look)
        return left * right if node.op == "*" else left / right
    first = () if _grows(node) else children(node)
    return _unit(first[0], look) if first else NUMBER


def meaning_of(metric: str, known: Mapping[str, Meaning]) -> Meaning:
    """The meaning of a metric or part, a plain flow where it is not known."""
    return known.get(metric, Meaning(metric, Nature.FLOW))
