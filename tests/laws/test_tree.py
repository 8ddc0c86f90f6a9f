"""Laws of the tree: a chain of rates cancels whatever it is called, however long and in whatever order."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from shinro.definitions.project import Project, read_project
from shinro.definitions.tree import below, circles, telescopes

CHAINS = st.integers(1, 8)
GRAPHS = st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdef"), max_size=4).map(tuple))


def chain(length: int, factors: list[str]) -> Project:
    """m0 and the rates m1 / m0, m2 / m1 ...; the last is explained by the factors."""
    counts = "".join(f"  m{n}: {{count: t}}\n" for n in range(length + 1))
    rates = "".join(f"  r{n}: {{ratio: m{n} / m{n - 1}}}\n" for n in range(1, length + 1))
    project, _ = read_project(f"metrics:\n{counts}{rates}tree:\n  m{length}: {' * '.join(factors)}\n", "shinro.yaml")
    return project


@given(CHAINS, st.randoms())
def test_a_whole_chain_of_rates_holds_by_definition_in_any_order(length: int, order: Random) -> None:
    factors = ["m0", *(f"r{n}" for n in range(1, length + 1))]
    order.shuffle(factors)
    assert telescopes(chain(length, factors), f"m{length}")


@given(CHAINS.filter(lambda length: length > 1), st.data())
def test_a_chain_with_a_link_missing_does_not(length: int, data: st.DataObject) -> None:
    factors = ["m0", *(f"r{n}" for n in range(1, length + 1))]
    factors.remove(f"r{data.draw(st.integers(1, length))}")
    assert not telescopes(chain(length, factors), f"m{length}")


@given(GRAPHS)
def test_every_circle_is_a_walk_along_the_edges_back_to_its_start(graph: dict[str, tuple[str, ...]]) -> None:
    for circle in circles(graph):
        assert circle[0] == circle[-1]
        assert all(after in graph[before] for before, after in pairwise(circle))


@given(GRAPHS)
def test_there_is_a_circle_where_a_node_lies_below_itself_and_only_there(graph: dict[str, tuple[str, ...]]) -> None:
    round_trips = [node for node in graph if node in below(graph[node], graph)]
    assert bool(circles(graph)) == bool(round_trips)


@given(GRAPHS, st.lists(st.sampled_from("abcdef")))
def test_below_is_closed_downwards(graph: dict[str, tuple[str, ...]], tops: list[str]) -> None:
    found = below(tops, graph)
    assert set(tops) <= found
    assert all(child in found for node in found for child in graph.get(node, ()))
