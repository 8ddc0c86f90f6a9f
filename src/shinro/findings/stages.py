"""Stages: how many pass each step of a funnel, and where it is narrowest by one rule or another."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction


class Rule(Enum):
    """What is called the narrowest step. The rules disagree: an answer names its own."""

    RATE = "lowest rate"  # the smallest share passes
    LOSS = "largest loss"  # the most are lost, by count
    MONEY = "money lost"  # the most money is lost: those who are lost, times what one is worth who comes so far


@dataclass(frozen=True, slots=True)
class Step:
    """From one stage to the next. `rate` is None where nobody came, `money` where nobody said what one is worth."""

    start: str
    end: str
    came: Fraction
    passed: Fraction
    rate: Fraction | None
    money: Fraction | None = None

    @property
    def lost(self) -> Fraction:
        """Those who came and did not pass; below 0 where more passed than came."""
        return self.came - self.passed

    @property
    def drop(self) -> Fraction | None:
        """The share that is lost."""
        return None if self.rate is None else 1 - self.rate


@dataclass(frozen=True, slots=True)
class Narrowest:
    """The answer of one rule: the step, or several that tie; none where the rule has nothing to go by."""

    rule: Rule
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Funnel:
    """All steps, the share that comes through all of them, and an answer a rule."""

    steps: tuple[Step, ...]
    overall: Fraction | None
    answers: tuple[Narrowest, ...]

    def by(self, rule: Rule) -> Narrowest:
        """The answer of a rule."""
        return next(answer for answer in self.answers if answer.rule is rule)
