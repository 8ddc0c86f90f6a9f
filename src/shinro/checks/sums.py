"""T: units that agree: what is added is of one kind, and an identity is of its node's kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from shinro.checks.facts import Facts
from shinro.checks.references import spot
from shinro.checks.rule import rule
from shinro.definitions.expression import Binary, Call, Name, Negative, Node, Number, children
from shinro.definitions.printing import text
from shinro.definitions.values import Formula
from shinro.problems import Problem, Severity, problem
from shinro.units import CURRENCIES, NUMBER, Unit, count, money

MIDDLES = ("avg", "median", "min", "max")  # of one row: an amount per row
ROW = count("row")


@dataclass(frozen=True, slots=True)
class Clash:
    """A sum of two kinds, where its sign stands, with the two."""

    at: int
    left: str
    left_unit: Unit
    right: str
    right_unit: Unit


@dataclass(slots=True)
class Reading:
    """The units of a formula's parts, None where a number tells none; and the clashes that were met on the way.

    `previous` is the node itself. A typed-in number may be per something, so that its products tell no unit.
    """

    facts: Facts
    metric: str
    clashes: list[Clash] = field(default_factory=list)
    path: tuple[str, ...] = ()

    def of(self, node: Node) -> Unit | None:
        """The unit of a part."""
        match node:
            case Name():
                return self.named(self.metric if node == Name("previous") else node.path)
            case Number(unit=sign):
                return money(sign) if sign in CURRENCIES else NUMBER if sign else None
            case Negative(of):
                return self.of(of)
            case Binary("+" | "-", left, right):
                return self.alike(left, right, node.at)
            case Binary(op, left, right):
                return self.product(op, left, right)
            case Call("cmgr"):
                return NUMBER
            case _:
                return self.called(children(node))

    def called(self, args: tuple[Node, ...]) -> Unit | None:
        """The unit of a function of parts that must have one; `previous(x)` has that of x."""
        units = [self.alike(args[0], other, other.at) for other in args[1:]]
        return next(filter(None, units), None) if units else self.of(args[0])

    def alike(self, left: Node, right: Node, at: int) -> Unit | None:
        """The unit of two parts that must have one."""
        units = (self.of(left), self.of(right))
        if units[0] and units[1] and units[0].kind != units[1].kind:
            self.clashes.append(Clash(at, text(left), units[0], text(right), units[1]))
        return units[0] or units[1]

    def product(self, op: str, left: Node, right: Node) -> Unit | None:
        """The unit of a product or quotient; a bare number scales and changes nothing."""
        sides = [NUMBER if isinstance(side, Number) else self.of(side) for side in (left, right)]
        if sides[0] is None or sides[1] is None or any(self.is_typed(side) for side in (left, right)):
            return None
        return sides[0] * sides[1] if op == "*" else sides[0] / sides[1]

    def is_typed(self, node: Node) -> bool:
        """Whether a part is a typed-in number."""
        found = self.facts.project.metric(node.path) if isinstance(node, Name) else None
        return found is not None and found.reported is not None

    def named(self, metric: str) -> Unit | None:
        """The unit of a metric, from its own formula where it has one; None where none is stated."""
        found, meaning = self.facts.project.metric(metric), self.facts.meanings.get(metric)
        if found is None or meaning is None or metric in self.path or (found.reported and not found.unit):
            return None
        formula = found.ratio or found.derived
        if formula:
            return Reading(self.facts, metric, path=(*self.path, metric)).of(formula.node)
        return meaning.unit / ROW if found.way in MIDDLES else meaning.unit


@rule("T205", Severity.ERROR)
def units_agree(facts: Facts) -> Iterator[Problem]:
    """No yen are added to people, in a formula or at a node of the tree."""
    for name, metric in facts.project.metrics.items():
        formula = metric.ratio or metric.derived
        if formula:
            yield from _clashes(facts, str(name), formula)
    for node, formula in facts.project.tree.items():
        yield from _clashes(facts, str(node), formula)
        made, own = Reading(facts, str(node)).of(formula.node), Reading(facts, str(node)).named(str(node))
        if made and own and made.kind != own.kind:
            sides = {"left": str(node), "left_unit": str(own), "right": text(formula.node), "right_unit": str(made)}
            yield Problem(formula.text.place, "T205", {"case": "node", "metric": str(node), **sides})


def _clashes(facts: Facts, metric: str, formula: Formula) -> Iterator[Problem]:
    reading = Reading(facts, metric)
    reading.of(formula.node)
    for clash in reading.clashes:
        yield problem(
            "T205",
            spot(formula.text, clash.at),
            case="sum",
            metric=metric,
            left=clash.left,
            left_unit=str(clash.left_unit),
            right=clash.right,
            right_unit=str(clash.right_unit),
        )


RULES = (units_agree,)
