"""Attribution.

`python bench/attribution.py decomposition CASES.json` holds splits against known answers, a line a case;
`python bench/attribution.py speed` times trees of 3,000 leaves.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import reduce
from itertools import pairwise, product
from math import factorial
from pathlib import Path
from random import Random
from time import process_time
from typing import Any

from shinro.analysis.decompose import Reader, Tree, decompose, reader
from shinro.analysis.mix import Whole, ratio_cell, split
from shinro.analysis.times import times
from shinro.definitions.evaluate import value
from shinro.definitions.expression import Binary, Name, Negative, Node, Number, names
from shinro.definitions.grammar import formula
from shinro.findings.gaps import Decomposition, Times

Check = tuple[str, float, float, float]  # what, found, expected, tolerance
OPS = {"mul": "*", "div": "/", "sum": "+", "sub": "-"}
CLOSE = 1e-9


def exact(number: float | str) -> Fraction:
    return Fraction(str(number))


def numbers(given: Mapping[str, float | None]) -> dict[str, Fraction]:
    return {name: exact(number) for name, number in given.items() if number is not None}


def written(tree: Mapping[str, Any], formulas: dict[str, Node]) -> Node:
    """A case's tree as a formula; what has a name becomes a node of its own."""
    if "leaf" in tree:
        return Name(tree["leaf"])
    if "const" in tree:
        number = exact(tree["const"])
        return Number(number) if number >= 0 else Negative(Number(-number))
    args = [written(each, formulas) for each in tree["args"]]
    found = reduce(lambda left, right: Binary(OPS[tree["op"]], left, right), args)
    if "name" not in tree:
        return found
    formulas[tree["name"]] = found
    return Name(tree["name"])


def tree_of(case: Mapping[str, Any]) -> Tree:
    formulas: dict[str, Node] = {}
    formulas["root"] = written(case["tree"], formulas)
    return Tree(formulas)


def brought(found: Decomposition) -> dict[str, Fraction]:
    return {leaf.name: leaf.contribution for leaf in found.leaves}


def each(what: str, found: Mapping[str, Any], expected: Mapping[str, Any], tolerance: float) -> Iterator[Check]:
    for name, number in expected.items():
        yield f"{what} {name}", float(found.get(name, 0)), float(Fraction(str(number))), tolerance


def grouped(found: Mapping[str, Any], groups: Mapping[str, list[str]], *, multiply: bool = False) -> dict[str, float]:
    start = 1.0 if multiply else 0.0
    add = (lambda one, other: one * other) if multiply else (lambda one, other: one + other)
    return {group: reduce(add, (float(found.get(n, start)) for n in names), start) for group, names in groups.items()}


def by_players(
    tree: Tree, before: Mapping[str, Fraction], after: Mapping[str, Fraction], groups: Mapping[str, list[str]]
) -> dict[str, Fraction]:
    """The Shapley value with whole groups as players, by every coalition: what some sources publish."""
    (formula,) = tree.formulas.values()
    names = list(groups)
    worth = {}
    for moved in product((False, True), repeat=len(names)):
        row = {
            leaf: (after if on else before)[leaf]
            for name, on in zip(names, moved, strict=True)
            for leaf in groups[name]
        }
        worth[moved] = value(formula, row)
    found = dict.fromkeys(names, Fraction(0))
    for moved, total in worth.items():
        for n, name in enumerate(names):
            if not moved[n]:
                size = sum(moved)
                share = Fraction(factorial(size) * factorial(len(names) - size - 1), factorial(len(names)))
                found[name] += share * (worth[(*moved[:n], True, *moved[n + 1 :])] - total)
    return found


def as_tree(case: Mapping[str, Any], expected: Mapping[str, Any]) -> Iterator[Check]:
    tree, before, after = tree_of(case), numbers(case["base"]), numbers(case["current"])
    found = decompose(tree, "root", reader(before), reader(after))
    leaves, groups = brought(found), case.get("groups", {})
    yield "adds up", float(found.change - sum(leaves.values())), 0, 0
    yield "delta", float(found.change), expected["delta"], CLOSE
    for key in ("shapley", "winter_shapley", "winter"):
        yield from each(key, leaves, expected.get(key, {}), CLOSE)
    for key in ("shapley_exact", "winter_exact"):
        for name, number in expected.get(key, {}).items():
            yield f"{key} {name}", float(leaves.get(name, Fraction(0)) - Fraction(number)), 0, 0
    yield from each("published", leaves, expected.get("published_shapley", {}), expected.get("published_tol", 0))
    yield from each("by group", grouped(leaves, groups), expected.get("winter_by_group", {}), CLOSE)
    if "published_group_shapley" in expected:
        players = by_players(tree, before, after, groups)
        yield from each("published group", players, expected["published_group_shapley"], expected["published_tol"])
    yield from each("node", {p.name: p.contribution for p in found.parts()}, expected.get("nodes", {}), CLOSE)
    told = times(tree, "root", reader(before), reader(after))
    if isinstance(told, Times):
        amounts = {each.name: each.amount for each in told.factors}
        ratios = {each.name: each.times for each in told.factors}
        groups = {name: groups.get(name, [name]) for name in expected.get("lmdi_additive", {})}
        yield from each("lmdi", grouped(amounts, groups), expected.get("lmdi_additive", {}), CLOSE)
        ratios = grouped(ratios, groups, multiply=True)
        yield from each("lmdi times", ratios, expected.get("lmdi_multiplicative", {}), CLOSE)
    elif isinstance(expected.get("lmdi"), str):
        yield "lmdi refused", 0, 0, 0


def as_gap(case: Mapping[str, Any], expected: Mapping[str, Any]) -> Iterator[Check]:
    plan = numbers(case["plan"])
    stated = reader({**plan, "root": exact(case["stated_target"])})
    found = decompose(tree_of(case), "root", stated, reader(numbers(case["actual"])))
    yield from each("contribution", brought(found), expected["contributions"], 0)
    (line,) = found.off
    yield "plan from leaves", float(line.computed), expected["plan_from_leaves"], 0
    yield "actual", float(found.root.after), expected["actual"], 0
    yield "does not add up", float(line.contribution), expected["plan_inconsistency"], 0


def as_missing(case: Mapping[str, Any], expected: Mapping[str, Any]) -> Iterator[Check]:
    before = {**numbers(case["base"]), **numbers(case.get("base_known_nodes", {}))}
    after = {**numbers(case["current"]), **numbers(case.get("current_known_nodes", {}))}
    found = decompose(tree_of(case), "root", reader(before), reader(after))
    yield "delta", float(found.change), expected["delta"], 0
    yield from each("node", brought(found), expected["node_contributions"], 0)
    stopped = {missing.stopped_at for missing in found.missing}
    yield "stops", stopped == set(expected["unattributed_below"]), True, 0


def as_mix(case: Mapping[str, Any], expected: Mapping[str, Any]) -> Iterator[Check]:
    sides = [
        {name: ratio_cell(exact(over), exact(base)) for name, (over, base) in case[side].items()}
        for side in ("base", "current")
    ]
    wholes = [ratio_cell(sum(c.over for c in side.values()), sum(c.base for c in side.values())) for side in sides]
    cut = {(("segment", name),): tuple(side.get(name) for side in sides) for name in sides[0] | sides[1]}
    found = split(("segment",), Whole(*wholes), [cut])
    yield "adds up", float(found.gap - found.mix - found.rate), 0, 0
    yield from each("whole", {"mix": found.mix, "rate": found.rate}, {k: expected[k] for k in ("mix", "rate")}, CLOSE)
    published = {"mix": found.mix, "rate": found.rate, "delta": found.gap}
    yield from each("published", published, expected.get("published", {}), expected.get("published_tol", 0))
    for line in found.lines:
        said = expected["segments"][line.segment[0][1]]
        yield from each(
            line.segment[0][1], {"mix": line.mix, "rate": line.rate}, {k: said[k] for k in ("mix", "rate")}, CLOSE
        )
        yield "status", line.presence.value == said.get("status", line.presence.value), True, 0
    for key in ("mix_exact", "rate_exact"):
        if key in expected:
            yield key, float(getattr(found, key[:-6]) - Fraction(expected[key])), 0, 0


def as_lmdi(case: Mapping[str, Any], expected: Mapping[str, Any]) -> Iterator[Check]:
    tolerance = expected.get("published_tol", CLOSE)
    for (start, first), (end, last) in pairwise(case["states"].items()):
        width = len(first[0])
        terms = [
            reduce(lambda a, b: Binary("*", a, b), [Name(f"x{j}{i}") for i in range(width)]) for j in range(len(first))
        ]
        tree = Tree({"root": reduce(lambda a, b: Binary("+", a, b), terms)})
        before, after = (
            reader({f"x{j}{i}": exact(x) for j, row in enumerate(state) for i, x in enumerate(row)})
            for state in (first, last)
        )
        groups = {str(i): [f"x{j}{i}" for j in range(len(first))] for i in range(width)}
        told = times(tree, "root", before, after)
        amounts = grouped({f.name: f.amount for f in told.factors}, groups)
        ratios = grouped({f.name: f.times for f in told.factors}, groups, multiply=True)
        shapley = grouped(brought(decompose(tree, "root", before, after)), groups)
        for key, found in (("additive", amounts), ("multiplicative", ratios), ("shapley", shapley)):
            said = expected.get(key) or expected.get(f"published_{key}") or {}
            for i, number in enumerate(said.get(f"{start}-{end}", ())):
                yield f"{key} {start} {i}", found[str(i)], number, tolerance


KINDS = {"tree": as_tree, "gap": as_gap, "missing": as_missing, "mix_rate": as_mix, "lmdi": as_lmdi}


def decomposition(path: str) -> int:
    """One line a case; the number of those that are wrong."""
    wrong = 0
    for case in json.loads(Path(path).read_text("utf-8"))["cases"]:
        checks = list(KINDS[case["kind"]](case["input"], case["expected"]))
        bad = [(what, found, said) for what, found, said, tolerance in checks if abs(found - said) > tolerance]
        wrong += bool(bad)
        print(f"{'WRONG' if bad else 'ok':6}{case['id']:24}{len(checks):4} numbers  {case['title'][:60]}")
        for what, found, said in bad:
            print(f"      {what}: {found} for {said}")
    print(f"{wrong} wrong")
    return wrong


def wide() -> dict[str, Node]:
    """1,000 products of three, by name, in one sum."""
    parts = {f"s{n}": formula(f"a{n} * b{n} * c{n}") for n in range(1000)}
    return {"root": reduce(lambda one, other: Binary("+", one, other), map(Name, parts)), **parts}


def flat() -> dict[str, Node]:
    """The same in one formula."""
    parts = [formula(f"a{n} * b{n} * c{n}") for n in range(1000)]
    return {"root": reduce(lambda one, other: Binary("+", one, other), parts)}


def nested() -> dict[str, Node]:
    """Sums and products in turn, six levels."""
    formulas: dict[str, Node] = {}
    level = ["root"]
    for depth, width in enumerate((6, 4, 5, 5, 5)):
        below = {name: [f"{name}_{n}" for n in range(width)] for name in level}
        formulas.update({name: formula((" + ", " * ")[depth % 2].join(names)) for name, names in below.items()})
        level = [name for names in below.values() for name in names]
    return formulas


def deep() -> dict[str, Node]:
    """3,000 levels of sums."""
    return {"root": formula("d1 + x0"), **{f"d{n}": formula(f"d{n + 1} + x{n}") for n in range(1, 3000)}}


def speed() -> int:
    """Best of nine, in seconds of CPU; a fraction's product beside it, since machines differ."""
    start = process_time()
    for n in range(1, 100_001):
        Fraction(n, 7) * Fraction(99, 100)
    print(f"a fraction's product {(process_time() - start) * 10:.2f} us")
    for shape in (wide, flat, nested, deep):
        random = Random(1)  # noqa: S311 - the same numbers every time
        formulas = shape()
        leaves = dict.fromkeys(name.path for node in formulas.values() for name in names(node))
        sides = [
            {
                leaf: Fraction(random.randint(1, 9999), random.choice((1, 10, 100)))
                for leaf in leaves
                if leaf not in formulas
            }
            for _ in range(2)
        ]
        best = min(_timed(Tree(formulas), *map(reader, sides)) for _ in range(9))
        print(f"{shape.__name__:8}{len(sides[0]):6} leaves {best:.3f} s")
    return 0


def _timed(tree: Tree, before: Reader, after: Reader) -> float:
    start = process_time()
    found = decompose(tree, "root", before, after)
    spent = process_time() - start
    if found.change != sum(leaf.contribution for leaf in found.leaves):
        sys.exit("it does not add up")
    return spent


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["speed"]:
            sys.exit(speed())
        case ["decomposition", given]:
            sys.exit(bool(decomposition(given)))
        case _:
            sys.exit(__doc__)
