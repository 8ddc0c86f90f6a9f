"""Decompose: a change of a metric, or its gap from a target, split over the tree exactly.

Every node passes a multiplier m down, 1 at the root; a contribution is m times how far the node moved itself, summed
over the places where it stands. To a term of a sum goes m or -m, to a factor m k with k the integral over t in 0..1 of
the other factors at (1 - t) before + t after, to a divisor -m k / (before after). The sum telescopes to the change of
the root to the last digit. Named nodes are boundaries: opening one leaves all others as they were.

Units: contributions are in the root's unit. Laws: they add up to the change, with what does not add up as lines of its
own; what did not move brings 0; the order of terms and factors does not matter; before and after swapped flips every
sign; opening a node leaves the others. Cost: linear in the tree, quadratic in the factors of one product.
Source: the nested value of E. Winter, International Journal of Game Theory 18 (1989) P227-240, doi:10.1007/BF01268161,
after G. Owen 1977; for one product it is what P. Das Gupta, Current Population Reports P23-186 (1993), works out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from shinro.analysis.forms import Form, Read, form, lagged, reads
from shinro.analysis.opening import Opened, Sides, opened
from shinro.analysis.telling import told
from shinro.definitions.expression import Node
from shinro.definitions.lags import lags_of, rates
from shinro.definitions.project import Project
from shinro.definitions.tree import identities
from shinro.findings.gaps import Decomposition, Kind, Why
from shinro.periods import Grain

Found: TypeAlias = Fraction | Why | None
Reader: TypeAlias = Callable[[str, int], Found]  # a metric so many periods back -> its value; None: undefined
Values: TypeAlias = Mapping[str, Fraction | None]


@dataclass(frozen=True, slots=True)
class Tree:
    """What is explained by what: formulas by node.

    `lags` are by node, then driver: the driver is read so many periods before the node; see `lags`. `rates` are ratios
    of two metrics that stand in formulas as drivers: their numerator and denominator, so that lags can be honoured.
    """

    formulas: Mapping[str, Node]
    lags: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    rates: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def reader(values: Values, earlier: Mapping[tuple[str, int], Fraction | None] | None = None) -> Reader:
    """Values by metric; `earlier` ones by metric and periods back. None is undefined, what is not there is missing."""
    past = earlier or {}

    def read(name: str, back: int) -> Found:
        return past.get((name, back), Why.MISSING) if back else values.get(name, Why.MISSING)

    return read


def tree_of(project: Project, root: str, grain: Grain | None = None) -> Tree:
    """The tree of a project, with its lags at a grain; a root that is a ratio or derived is opened by its formula."""
    formulas = {node: formula.node for node, formula in identities(project).items()}
    metric = project.metric(root)
    own = metric.ratio or metric.derived if metric else None
    if root not in formulas and own:
        formulas[root] = own.node
    ratios = rates(project)
    return Tree(formulas, lags_of(project, formulas, ratios, grain).by_node if grain else {}, ratios)


def decompose(tree: Tree, root: str, before: Reader, after: Reader, *, unroll: int = 0) -> Decomposition:
    """The change of `root` from `before` to `after` (of a gap: from target to actual), split.

    `unroll` opens a stock's own `previous` so many periods, down to what it was at the beginning of them.
    """
    return told(*opened_below(tree, root, before, after, unroll))


def opened_below(
    tree: Tree, root: str, before: Reader, after: Reader, unroll: int = 0
) -> tuple[list[Opened], frozenset[str]]:
    """Everything that is read, what is below first and the root last; and the metrics whose formula leads back."""
    forms, circular = _forms(tree, root)
    nodes: list[Opened] = []
    for key, below in _order(forms, Read(root), unroll):
        sides = Sides(_value(before, key), _value(after, key))
        nodes.append(opened(key, sides, forms.get(key.name) if _is_driver(key) else None, below, nodes))
    return nodes, circular


def _value(read: Reader, key: Read) -> Fraction | Why:
    if key.parts is None:
        found = read(key.name, key.back)
        return Why.UNDEFINED if found is None else found
    over, base = read(key.parts[0], key.back), read(key.parts[1], key.base_back)
    if isinstance(over, Fraction) and isinstance(base, Fraction):
        return over / base if base else Why.UNDEFINED
    return _value(read, key._replace(parts=None)) if Why.MISSING in (over, base) else Why.UNDEFINED


def _forms(tree: Tree, root: str) -> tuple[dict[str, Form], frozenset[str]]:
    """The forms below a root; and the metrics that are left without one, since theirs leads back to them."""
    found: dict[str, Form] = {}
    circular: set[str] = set()
    path: dict[str, None] = {}
    waiting = [(root, False)]
    while waiting:
        name, leaving = waiting.pop()
        if leaving:
            del path[name]
            continue
        if name in found or name not in tree.formulas:
            continue
        found[name] = lagged(form(tree.formulas[name], name), tree.lags.get(name, {}), tree.rates)
        path[name] = None
        waiting.append((name, True))
        below = [read.name for read in reads(found[name]) if _is_driver(read)]
        if any(child in path for child in below):
            circular.add(name)
        waiting.extend((child, False) for child in reversed(below))
    return {name: steps for name, steps in found.items() if name not in circular}, frozenset(circular)


def _is_driver(read: Read) -> bool:
    return read.kind is Kind.METRIC and read.parts is None


def _order(forms: Mapping[str, Form], root: Read, unroll: int) -> Iterator[tuple[Read, tuple[int, ...]]]:
    """Everything that is read, each with the places in this order of what it reads itself; the root comes last."""
    known = {root: 0}
    keys, below, places = [root], dict[int, list[int]](), dict[int, int]()
    waiting = [0]
    while waiting:
        at = waiting[-1]
        if at not in below:
            below[at] = [_number(read, known, keys) for read in _below(forms, keys[at], unroll)]
            fresh = [each for each in reversed(below[at]) if each not in below]
            if fresh:
                waiting.extend(fresh)
                continue
        waiting.pop()
        if at not in places:
            places[at] = len(places)
            yield keys[at], tuple([places[each] for each in below[at]])


def _number(read: Read, known: dict[Read, int], keys: list[Read]) -> int:
    """A number for what is read, the same whenever it is met."""
    found = known.setdefault(read, len(keys))
    if found == len(keys):
        keys.append(read)
    return found


def _below(forms: Mapping[str, Form], key: Read, unroll: int) -> Iterator[Read]:
    if not _is_driver(key):
        return
    for read in reads(forms.get(key.name, ())):
        if read.name == key.name and read.kind is Kind.PREVIOUS and read.back == 1 and key.back < unroll:
            yield Read(key.name, back=key.back + 1)
        else:
            base = key.back + read.base_back if read.parts else 0
            yield read._replace(back=key.back + read.back, base_back=base)
