"""The slow walk of decompose: every order in which the parts of a node could have moved, tried one after another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import permutations
from math import factorial, prod

from shinro.definitions import evaluate
from shinro.definitions.expression import Binary, Call, Name, Negative, Node, Number

Move = tuple[Fraction, Fraction]
Numbers = Mapping[str, Fraction]


def values(formulas: Mapping[str, Node], leaves: Numbers) -> dict[str, Fraction | None]:
    """Every metric of one side, from its formula where it has one."""
    found: dict[str, Fraction | None] = dict(leaves)
    for name in reversed(list(formulas)):
        value = evaluate.value(formulas[name], found)
        assert value is None or isinstance(value, Fraction)
        found[name] = value
    return found


def mean_marginals(game: Callable[[Sequence[Fraction]], Fraction], moves: Sequence[Move]) -> list[Fraction]:
    """What each argument brings, in the mean over all orders."""
    totals = [Fraction(0)] * len(moves)
    for order in permutations(range(len(moves))):
        state = [before for before, _ in moves]
        for mover in order:
            old = game(state)
            state[mover] = moves[mover][1]
            totals[mover] += game(state) - old
    return [total / factorial(len(moves)) for total in totals]


class CannotTell(Exception):  # noqa: N818 - a signal of the oracle: the case is passed over
    """An argument rests, so that trying orders says nothing of what it would bring."""


class Walk:
    """Contributions of all that a root reads, by name and by way down (`root > n1 > a`)."""

    def __init__(self, formulas: Mapping[str, Node], before: Numbers, after: Numbers) -> None:
        self.formulas = formulas
        self.sides = (values(formulas, before), values(formulas, after))
        self.found: dict[str, Fraction] = defaultdict(Fraction)

    def move(self, node: Node) -> Move:
        """A part's value on both sides."""
        before, after = (evaluate.value(node, side) for side in self.sides)
        if not isinstance(before, Fraction) or not isinstance(after, Fraction):
            raise CannotTell
        return before, after

    def down(self, node: Node, m: Fraction) -> None:
        """What a part brings is handed to its leaves."""
        match node:
            case Number():
                return
            case Name(path=name):
                if name in self.formulas:
                    self.down(self.formulas[name], m)
                else:
                    before, after = self.move(node)
                    self.found[name] += m * (after - before)
            case Negative(of):
                self.down(of, -m) if not _is_product(of) else self._product(node, m)
            case Binary(op, left, right) if op in "+-":
                self.down(left, m)
                self.down(right, m if op == "+" else -m)
            case Binary():
                self._product(node, m)
            case Call():
                self._call(node, m)
            case _:
                raise CannotTell

    def _product(self, node: Node, m: Fraction) -> None:
        parts = _factors(node, 1)
        moves = [self.move(part) for part, _ in parts]
        powers = [power for _, power in parts]
        levels = [_levels(move, power) for move, power in zip(moves, powers, strict=True)]
        sign = (-1) ** _signs(node)
        for n, (part, power) in enumerate(parts):
            own = levels[n]
            if power == 1:
                unit = [*levels[:n], (Fraction(0), Fraction(1)), *levels[n + 1 :]]
                self.down(part, m * sign * mean_marginals(_multiplied, unit)[n])
            elif own[0] != own[1]:
                moved = moves[n][1] - moves[n][0]
                self.down(part, m * sign * mean_marginals(_multiplied, levels)[n] / moved)
            elif not isinstance(part, Number):
                raise CannotTell

    def _call(self, node: Call, m: Fraction) -> None:
        moves = [self.move(part) for part in node.args]

        def game(state: Sequence[Fraction]) -> Fraction:
            found = evaluate.value(Call(node.function, tuple(Name(f"x{n}") for n in range(len(state)))), _row(state))
            assert isinstance(found, Fraction)
            return found

        for part, (before, after), brought in zip(node.args, moves, mean_marginals(game, moves), strict=True):
            if isinstance(part, Number):
                continue
            if before == after:
                raise CannotTell
            self.down(part, m * brought / (after - before))


def _multiplied(state: Sequence[Fraction]) -> Fraction:
    return prod(state, start=Fraction(1))


def _levels(move: Move, power: int) -> Move:
    return move if power == 1 else (1 / move[0], 1 / move[1])


def _row(state: Sequence[Fraction]) -> dict[str, Fraction]:
    return {f"x{n}": value for n, value in enumerate(state)}


def _is_product(node: Node) -> bool:
    return (isinstance(node, Binary) and node.op in "*/") or (isinstance(node, Negative) and _is_product(node.of))


def _factors(node: Node, power: int) -> list[tuple[Node, int]]:
    match node:
        case Negative(of):
            return _factors(of, power)
        case Binary(op, left, right) if op in "*/":
            return _factors(left, power) + _factors(right, power if op == "*" else -power)
        case _:
            return [(node, power)]


def _signs(node: Node) -> int:
    match node:
        case Negative(of):
            return 1 + _signs(of)
        case Binary(op, left, right) if op in "*/":
            return _signs(left) + _signs(right)
        case _:
            return 0
