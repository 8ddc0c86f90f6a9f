"""Movement: what a stock did between two dates, as its opening level and the flows of all periods since.

Of `companies: previous + new - churned` the change from March to September is all that was new less all that was lost,
not the change of the flows. A gap from a plan is split by `planned_stocks` instead.

Units: the stock's. Law: opening + flows + what does not add up = closing. Cost: linear in periods and terms.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from shinro.analysis.decompose import Reader, Tree, decompose
from shinro.analysis.forms import ZERO
from shinro.definitions import printing
from shinro.definitions.expression import Binary, Name, Negative, Node
from shinro.findings.gaps import Decomposition, Kind, Leaf, Off, Part, Way


def movement(tree: Tree, stock: str, readers: Sequence[Reader]) -> Decomposition | None:
    """The change of a stock over periods in order, the first of which gives the opening level alone.

    None where its formula is not `previous` plus and minus flows, or a number is not known.
    """
    flows = flows_of(tree, stock)
    opening, closing = (_value(tree, stock, read) for read in (readers[0], readers[-1]))
    if flows is None or opening is None or closing is None:
        return None
    totals = [_total(tree, stock, flow, sign, readers[1:]) for flow, sign in flows]
    known = [total for total in totals if total is not None]
    if len(known) < len(totals):
        return None
    named = [(*_called(flow), total) for (flow, _), total in zip(flows, known, strict=True)]
    off = closing - opening - sum(known, ZERO)
    children = tuple(Part(name, kind, None, None, total) for name, kind, total in named)
    root = Part(stock, Kind.METRIC, opening, closing, closing - opening, children=children, off_after=off)
    leaves = tuple(Leaf(name, kind, total) for name, kind, total in named)
    lines = (Off(stock, closing, closing - off, off, after=True),) if off else ()
    return Decomposition(root, leaves, lines, (), Way.MOVEMENT, len(readers) - 1)


def is_stock(tree: Tree, metric: str) -> bool:
    """Whether its formula is `previous` plus and minus flows."""
    return flows_of(tree, metric) is not None


def flows_of(tree: Tree, stock: str) -> list[tuple[Node, int]] | None:
    """The terms beside `previous`, with their signs; None where its formula is not `previous` plus and minus flows."""
    terms = list(_terms(tree.formulas[stock])) if stock in tree.formulas else []
    own = [at for at, (node, sign) in enumerate(terms) if _is_own(node) and sign == 1]
    return [term for at, term in enumerate(terms) if at != own[0]] if len(own) == 1 else None


def _is_own(node: Node) -> bool:
    return isinstance(node, Name) and node.path == "previous"


def _terms(node: Node) -> Iterator[tuple[Node, int]]:
    waiting = [(node, 1)]
    while waiting:
        part, sign = waiting.pop()
        match part:
            case Negative(of):
                waiting.append((of, -sign))
            case Binary("+" | "-" as op, left, right):
                waiting += [(right, sign if op == "+" else -sign), (left, sign)]
            case _:
                yield part, sign


def _total(tree: Tree, stock: str, flow: Node, sign: int, readers: Sequence[Reader]) -> Fraction | None:
    """A flow over all periods; `previous` in it is the stock's."""
    whole = Tree({**tree.formulas, stock: flow}, tree.lags, tree.rates)
    found = [decompose(whole, stock, _silent(stock, read), _silent(stock, read)).root.after for read in readers]
    known = [value for value in found if value is not None]
    return sign * sum(known, ZERO) if len(known) == len(found) else None


def _silent(stock: str, read: Reader) -> Reader:
    """A reader that does not say what the stock is now, so that its formula says it."""
    return lambda name, back: None if (name, back) == (stock, 0) else read(name, back)


def _value(tree: Tree, metric: str, read: Reader) -> Fraction | None:
    return decompose(tree, metric, read, read).root.after


def _called(flow: Node) -> tuple[str, Kind]:
    return (flow.path, Kind.METRIC) if isinstance(flow, Name) else (printing.text(flow), Kind.FORMULA)
