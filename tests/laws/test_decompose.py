"""Laws of decompose: it adds up to the last digit, and says the same however the tree is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import prod
from random import Random

from hypothesis import assume, given
from hypothesis import strategies as st

from shinro.analysis.decompose import Reader, Tree, decompose, reader, tree_of
from shinro.analysis.movement import movement
from shinro.analysis.planned_stocks import from_plan
from shinro.analysis.stocks import split
from shinro.analysis.times import times
from shinro.definitions.expression import Binary, Call, Name, Negative, Node, Number
from shinro.definitions.grammar import formula
from shinro.definitions.project import read_project
from shinro.findings.gaps import Decomposition, Kind, Part, Times, Why
from shinro.periods import Grain
from splitting_oracle import CannotTell, Walk, values
from strategies import SOME

LEAVES = "abcde"
NODES = ("n0", "n1", "n2")
Numbers = Mapping[str, Fraction]

small = st.fractions(-4, 4, max_denominator=6) | st.sampled_from([Fraction(0), Fraction(1), Fraction(-1, 2)])
moves = st.tuples(small, small) | small.map(lambda value: (value, value))


@dataclass(frozen=True)
class Case:
    """A tree with all its numbers on two sides; `stated` are nodes that say a number of their own."""

    formulas: Mapping[str, Node]
    before: Numbers
    after: Numbers
    earlier: tuple[Mapping[tuple[str, int], Fraction], Mapping[tuple[str, int], Fraction]]

    def split(self, *, turned: bool = False, unroll: int = 0) -> Decomposition:
        readers = (reader(self.before, self.earlier[0]), reader(self.after, self.earlier[1]))
        first, last = readers[::-1] if turned else readers
        return decompose(Tree(self.formulas), "n0", first, last, unroll=unroll)


@cache
def expressions(node: int, *, past: bool) -> st.SearchStrategy[Node]:
    """Arithmetic over leaves and later nodes, no deeper than a few operations; a strategy is made once."""
    names: st.SearchStrategy[Node] = st.sampled_from([*LEAVES, *NODES[node + 1 :]]).map(Name)
    if past:
        looked_back = [
            Call(function, (Name(leaf), Number(Fraction(2))))
            for function in ("previous", "mean", "cmgr")
            for leaf in LEAVES
        ]
        names = names | st.sampled_from([Name("previous"), *looked_back])
    numbers = st.sampled_from([Number(Fraction(n, 2)) for n in range(5)])

    def wider(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        many = st.lists(inner, min_size=2, max_size=3).map(tuple)
        return (
            st.builds(Binary, st.sampled_from("+-*/"), inner, inner)
            | st.builds(Negative, inner)
            | st.builds(Call, st.sampled_from(["least", "greatest", "coalesce"]), many)
            | st.builds(Call, st.sampled_from(["abs", "positive"]), st.tuples(inner))
        )

    return st.recursive(names | names | names | numbers, wider, max_leaves=5)


@st.composite
def cases(draw: st.DrawFn, *, stated: bool = True, past: bool = True) -> Case:
    formulas = {node: draw(expressions(n, past=past)) for n, node in enumerate(NODES)}
    pool, pick = draw(st.lists(moves, min_size=2, max_size=7)), draw(st.randoms(use_true_random=False))
    said = [*LEAVES, *(node for node in NODES if stated and pick.random() < 1 / 2)]
    now = {name: pick.choice(pool) for name in said}
    then = {(name, n): pick.choice(pool) for name in (*LEAVES, *NODES) for n in (1, 2, 3) if past}
    sides = [{name: pair[n] for name, pair in now.items()} for n in (0, 1)]
    earlier = [{key: pair[n] for key, pair in then.items()} for n in (0, 1)]
    return Case(formulas, sides[0], sides[1], (earlier[0], earlier[1]))


TWO = st.just(Number(Fraction(2)))


def whole(found: Decomposition) -> Fraction:
    leaves = sum((leaf.contribution for leaf in found.leaves), Fraction(0))
    return leaves + sum(line.contribution for line in found.off)


@SOME
@given(cases())
def test_contributions_add_up_to_the_change_at_every_node(case: Case) -> None:
    found = case.split()
    if found.change is not None:
        assert found.change == found.root.change == whole(found)
    for part in found.parts():
        if part.opened and part.contribution is not None:
            brought = sum((each.contribution or 0 for each in part.children), part.off_before + part.off_after)
            assert part.contribution == brought


@SOME
@given(cases(stated=False, past=False))
def test_a_node_without_a_number_of_its_own_has_that_of_its_formula(case: Case) -> None:
    given = [values(case.formulas, {name: side[name] for name in LEAVES}) for side in (case.before, case.after)]
    for part in case.split().parts():
        if part.kind is Kind.METRIC:
            assert (part.before, part.after) == (given[0][part.name], given[1][part.name])


@SOME
@given(cases(stated=False, past=False))
def test_it_is_the_mean_over_every_order_of_moving(case: Case) -> None:
    found = case.split()
    assume(found.change is not None)
    sides = [{name: side[name] for name in LEAVES} for side in (case.before, case.after)]
    walk = Walk(case.formulas, *sides)
    try:
        walk.down(Name("n0"), Fraction(1))
    except (CannotTell, ZeroDivisionError):
        assume(False)
    assert {leaf.name: leaf.contribution for leaf in found.leaves if leaf.contribution} == {
        name: brought for name, brought in walk.found.items() if brought
    }


@SOME
@given(cases())
def test_what_did_not_move_brings_nothing(case: Case) -> None:
    found = case.split()
    for leaf in found.leaves:
        if leaf.change == 0:
            assert leaf.contribution == 0
    for part in found.parts():
        if part.change == 0 and part.contribution is not None:
            assert part.contribution == 0


def reordered(node: Node, order: Random) -> Node:
    """The same formula with terms, factors and arguments in another order."""
    match node:
        case Binary("+" | "*" as op, left, right):
            first, second = order.sample([reordered(left, order), reordered(right, order)], 2)
            return _regrouped(op, first, second, order)
        case Binary(op, left, right):
            return Binary(op, reordered(left, order), reordered(right, order))
        case Negative(of):
            return Negative(reordered(of, order))
        case Call("least" | "greatest" as function, args):
            return Call(function, tuple(order.sample([reordered(each, order) for each in args], len(args))))
        case _:
            return node


def _regrouped(op: str, left: Node, right: Node, order: Random) -> Node:
    """`(a + b) + c` as `a + (b + c)`, at times."""
    if isinstance(left, Binary) and left.op == op and order.random() < 0.5:
        return Binary(op, left.left, Binary(op, left.right, right))
    return Binary(op, left, right)


def by_leaf(found: Decomposition) -> dict[tuple[str, Kind], Fraction]:
    return {(leaf.name, leaf.kind): leaf.contribution for leaf in found.leaves if leaf.kind is not Kind.FORMULA}


@SOME
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_terms_and_factors_does_not_matter(case: Case, order: Random) -> None:
    other = Case({n: reordered(f, order) for n, f in case.formulas.items()}, case.before, case.after, case.earlier)
    assert by_leaf(case.split()) == by_leaf(other.split())


@SOME
@given(cases())
def test_before_and_after_swapped_flips_every_sign(case: Case) -> None:
    there, back = case.split(), case.split(turned=True)
    assert {key: -brought for key, brought in by_leaf(there).items()} == by_leaf(back)
    for one, other in zip(there.parts(), back.parts(), strict=True):
        assert (one.contribution is None) == (other.contribution is None)
        assert one.contribution is None or one.contribution == -(other.contribution or 0)
        assert one.off_before == -other.off_after


def outside(part: Part, name: str) -> list[tuple[str, Fraction | None, Fraction | None, Fraction | None]]:
    """Every place but those below a name."""
    here = [(part.name, part.before, part.after, part.contribution)]
    return here + [each for child in part.children if part.name != name for each in outside(child, name)]


@SOME
@given(cases(past=False), st.sampled_from(NODES[1:]))
def test_opening_a_node_leaves_the_others_as_they_were(case: Case, name: str) -> None:
    opened = case.split()
    part = opened.part(name)
    if part is None or part.change is None:
        return
    closed = {node: formula for node, formula in case.formulas.items() if node != name}
    before = {**case.before, name: part.before or Fraction(0)}
    after = {**case.after, name: part.after or Fraction(0)}
    assert outside(opened.root, name) == outside(Case(closed, before, after, case.earlier).split().root, name)


@SOME
@given(cases())
def test_the_sums_by_leaf_are_those_of_its_places(case: Case) -> None:
    found = case.split()
    total: dict[tuple[str, Kind, int], Fraction] = {}
    for part in found.parts():
        if part.contribution is not None and not part.opened and not part.children:
            key = (part.name, part.kind, part.back if part.kind is Kind.PREVIOUS else 0)
            total[key] = total.get(key, Fraction(0)) + part.contribution
    for leaf in found.leaves:
        assert leaf.why is Why.BELOW or leaf.contribution == total[leaf.name, leaf.kind, leaf.back]


@SOME
@given(cases(), st.integers(1, 3))
def test_a_stock_opened_backwards_adds_up_too(case: Case, unroll: int) -> None:
    found = case.split(unroll=unroll)
    assert found.change is None or found.change == whole(found)


@SOME
@given(cases(past=False), st.lists(st.sampled_from(range(3)), min_size=2, max_size=4))
def test_a_chain_adds_up_to_the_last_value_less_the_first(case: Case, order: list[int]) -> None:
    """Months taken from three sets of numbers."""
    mixed = {name: case.before[name] + 1 for name in LEAVES}
    months = [(case.before, case.after, mixed)[n] for n in order]
    found = split(Tree(case.formulas), "n0", [reader(month) for month in months], chained=True)
    if found.change is not None:
        assert found.change == (found.root.after or 0) - (found.root.before or 0) == whole(found)
        assert found.steps == len(order) - 1


FLOWS = st.lists(st.tuples(small, small, small), min_size=1, max_size=5)


@SOME
@given(small, FLOWS, small)
def test_an_opening_level_its_flows_and_what_is_off_are_the_closing_level(
    opening: Fraction, flows: list[tuple[Fraction, Fraction, Fraction]], off: Fraction
) -> None:
    tree = Tree({"stock": formula("new * price + previous - churned")})
    months, level = [reader({"stock": opening})], opening
    for n, (new, price, churned) in enumerate(flows):
        level += new * price - churned + (off if n == len(flows) - 1 else 0)
        months.append(reader({"stock": level, "new": new, "price": price, "churned": churned}))
    found = movement(tree, "stock", months)
    assert found is not None
    assert found.change == level - opening == whole(found)
    assert sum(line.contribution for line in found.off) == off


MONTHS = st.lists(st.tuples(small, small, small, small, small, small), min_size=1, max_size=5)


def monthly(months: Sequence[Numbers]) -> Reader:
    """Numbers by month, the explained one last."""
    return lambda name, back: months[-1 - back].get(name, Why.MISSING) if back < len(months) else Why.MISSING


@SOME
@given(small, small, MONTHS)
def test_a_planned_stock_adds_up_however_far_it_is_opened(
    begun: Fraction, level: Fraction, steps: list[tuple[Fraction, ...]]
) -> None:
    """A month: what was planned to come and go, what came and went, and what the two levels say beside that."""
    planned, actual = [{"stock": begun}], [{"stock": level}]
    for new, gone, came, went, lacks, off in steps:
        aim = planned[-1]["stock"] + new - gone + lacks * (new + gone) / 20
        planned.append({"stock": aim, "new": new, "gone": gone})
        actual.append({"stock": actual[-1]["stock"] + came - went + off, "new": came, "gone": went})
    tree = Tree({"stock": formula("previous + new - gone")})
    found = from_plan(tree, "stock", monthly(planned), monthly(actual))
    assert found.change == actual[-1]["stock"] - planned[-1]["stock"] == whole(found)
    below = sum((part.contribution or Fraction(0) for part in found.root.children), Fraction(0))
    assert found.change == below + found.root.off_before + found.root.off_after


above = st.fractions(Fraction(1, 9), 9, max_denominator=9)
POSITIVE = {name: st.tuples(above, above) for name in LEAVES}


@SOME
@given(st.fixed_dictionaries(POSITIVE))
def test_factors_multiply_to_the_ratio_and_amounts_add_up_to_the_change(
    numbers: dict[str, tuple[Fraction, Fraction]],
) -> None:
    tree = Tree({"x": formula("(a * y + c) / d * 2"), "y": formula("b + c * a / e")})
    sides = [{name: pair[n] for name, pair in numbers.items()} for n in (0, 1)]
    found = times(tree, "x", reader(sides[0]), reader(sides[1]))
    change = decompose(tree, "x", reader(sides[0]), reader(sides[1])).change
    assert isinstance(found, Times)
    product, total = Decimal(1), Decimal(0)
    for factor in found.factors:
        product, total = product * factor.times, total + factor.amount
        moved = numbers[factor.name][0] != numbers[factor.name][1]
        assert moved or factor.times == 1
    assert abs(Fraction(product) - found.total) <= found.total / 10**24
    assert change is not None
    assert abs(Fraction(total) - change) <= Fraction(1, 10**22)


STEPS = st.lists(
    st.tuples(st.fractions(Fraction(1, 9), 1, max_denominator=9), st.integers(0, 3)), min_size=1, max_size=4
)
WEEKS = 40


@SOME
@given(STEPS, st.lists(st.integers(1, 50), min_size=WEEKS, max_size=WEEKS), st.integers(15, WEEKS - 1))
def test_constant_rates_between_stages_bring_nothing_once_their_lags_are_told(
    steps: list[tuple[Fraction, int]], begun: list[int], week: int
) -> None:
    """A funnel in which each stage takes some weeks, and only the number of those who begin changes."""
    last = len(steps)
    counts = "".join(f"  m{n}: {{count: t}}\n" for n in range(last + 1))
    rates = "".join(f"  r{n}: {{ratio: m{n} / m{n - 1}}}\n" for n in range(1, last + 1))
    product = " * ".join(["m0", *(f"r{n}" for n in range(1, last + 1))])
    lags = "".join(f"  - {{from: m{n}, to: m{n + 1}, lag: {lag} weeks}}\n" for n, (_, lag) in enumerate(steps))
    text = f"metrics:\n{counts}{rates}tree:\n  m{last}: {product}\ninfluences:\n{lags}"
    tree = tree_of(read_project(text, "shinro.yaml")[0], f"m{last}", Grain.WEEK)

    def count(stage: int, when: int) -> Fraction:
        return Fraction(begun[when - sum(lag for _, lag in steps[:stage])]) * prod(rate for rate, _ in steps[:stage])

    def at(now: int) -> Reader:
        def read(metric: str, back: int) -> Fraction:
            stage = int(metric[1:])
            rate = count(stage, now - back) / count(stage - 1, now - back) if metric[0] == "r" else None
            return count(stage, now - back) if rate is None else rate

        return read

    found = decompose(tree, f"m{last}", at(week - 1), at(week))
    assert found.off == ()
    assert found.change == count(last, week) - count(last, week - 1)
    assert {leaf.name: leaf.contribution for leaf in found.leaves if leaf.contribution} in ({}, {"m0": found.change})
