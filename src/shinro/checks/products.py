"""T: products that chain: the numerator of one rate is the denominator of the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from shinro.checks.facts import Facts
from shinro.checks.references import spot
from shinro.checks.rule import rule
from shinro.definitions.expression import Binary, Name, Node
from shinro.definitions.metric import Metric
from shinro.definitions.printing import text
from shinro.definitions.tree import factors, is_previous
from shinro.definitions.values import Formula
from shinro.problems import Place, Problem, Severity, problem
from shinro.series import Nature

MIDDLES = ("avg", "median", "min", "max")


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor of a product: what it is over what; `over` None where its parts are not known."""

    name: str
    power: int
    place: Place
    over: str | None
    under: str | None = None
    typed: bool = False

    @property
    def is_rate(self) -> bool:
        """Whether it is one thing over another."""
        return self.under is not None

    @property
    def needs(self) -> str | None:
        """What another factor must bring, so that it cancels."""
        return self.under if self.power > 0 else self.over

    @property
    def powers(self) -> Counter[str]:
        """Its parts with their powers in the product."""
        powers = Counter({self.over: self.power} if self.over else {})
        powers.subtract({self.under: self.power} if self.under else {})
        return powers


@rule("T204", None)
def products_chain(facts: Facts) -> Iterator[Problem]:
    """Along a product each rate's denominator is brought by another factor, and what is left over is the node."""
    for node, formula in facts.project.tree.items():
        parts = factors(formula.node) or []
        found = [_factor(facts, formula, part, power) for part, power in parts if isinstance(part, Name)]
        typed = [factor for factor in found if factor.typed]
        for factor in typed:
            yield problem(
                "T204", factor.place, Severity.WARNING, case="typed", metric=str(node), rate=factor.name, part=""
            )
        if not typed and any(factor.is_rate for factor in found):
            yield from _chained(facts, str(node), formula, found)


def _chained(facts: Facts, node: str, formula: Formula, found: list[Factor]) -> Iterator[Problem]:
    whole = _factor(facts, formula, _name(node), -1)
    powers = whole.powers
    for factor in found:
        powers.update(factor.powers)
    lost = {each for each, power in powers.items() if power < 0}
    open_end = whole.over is None and all(factor.is_rate for factor in found)
    broken = [factor for factor in found if factor.is_rate and factor.needs in lost][open_end:]
    for factor in broken:
        yield problem("T204", factor.place, case="broken", metric=node, rate=factor.name, part=factor.needs)
    gained = [each for each, power in powers.items() if power > 0]
    if not broken and len(gained) == 1 and lost == {whole.over} and all(factor.over for factor in found):
        yield problem("T204", formula.text.place, case="end", metric=node, rate=found[-1].name, part=gained[0])


def _factor(facts: Facts, formula: Formula, name: Name, power: int) -> Factor:
    """What a name brings to a product, by what it is in the end; it keeps the name that is written."""
    found = _factor_of(facts, spot(formula.text, name.at), _behind(facts, name), power)
    over, under = (each and _behind(facts, _name(each)).path for each in (found.over, found.under))
    return replace(found, name=name.path, over=over, under=under)


def _behind(facts: Facts, name: Name) -> Name:
    """The metric that a name stands for where it is derived from that one alone: the very same number."""
    seen: set[str] = set()
    while name.path not in seen:
        seen.add(name.path)
        metric = facts.project.metric(name.path)
        node = metric.derived.node if metric and metric.derived else None
        name = node if isinstance(node, Name) and not is_previous(node) else name
    return name


def _name(path: str) -> Name:
    name, _, part = path.partition(".")
    return Name(name, part or None)


def _factor_of(facts: Facts, place: Place, name: Name, power: int) -> Factor:
    metric = facts.project.metric(name.path)
    meaning = facts.meanings.get(name.path)
    if metric is None or meaning is None:
        return Factor(name.path, power, place, None)
    if metric.reported:
        typed = meaning.percent or meaning.nature is Nature.RATIO
        return Factor(name.path, power, place, None if typed else name.path, typed=typed)
    if metric.ratio and isinstance(metric.ratio.node, Binary):
        return Factor(name.path, power, place, _said(metric.ratio.node.left), _said(metric.ratio.node.right))
    if metric.conversion and not name.part:
        return Factor(name.path, power, place, _ending(metric), str(metric.conversion))
    if metric.funnel and meaning.denominator:
        return Factor(name.path, power, place, meaning.numerator, meaning.denominator)
    counted = meaning.nature is not Nature.RATIO and not (meaning.nature is Nature.WINDOWED and meaning.percent)
    plain = counted and metric.way not in MIDDLES
    return Factor(name.path, power, place, name.path if plain else None)


def _said(node: Node) -> str:
    return node.path if isinstance(node, Name) else text(node)


def _ending(metric: Metric) -> str | None:
    ends = metric.to
    return str(ends.metric or ends.table) if ends else None


RULES = (products_chain,)
