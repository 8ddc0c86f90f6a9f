"""Wishes: what `plan` is asked, and which of its options say nothing together."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from shinro.findings.forecasts import MOST
from shinro.periods import Grain
from shinro.problems import Place, Problem


@dataclass(frozen=True, slots=True)
class Wish:
    """What `plan` was asked: options as they were written, empty where they were not."""

    forecast: str = ""
    grain: Grain | None = None
    ahead: int | None = None
    back: bool = False
    goal: str = ""
    by: str = ""
    fewest: bool = False
    sure: str = ""
    supposed: tuple[str, ...] = field(default=())
    save: bool = False
    blank: tuple[str, ...] = field(default=())  # options that were written with nothing in them

    @property
    def is_worked_back(self) -> bool:
        """Whether a plan is asked for, or what changes would do."""
        return bool(self.back or self.goal or self.supposed or self.save or self.sure or self.fewest)

    @property
    def written(self) -> tuple[str, ...]:
        """The options that were written."""
        options = {
            "--forecast": self.forecast,
            "--ahead": self.ahead is not None,
            "--what-if": self.supposed,
            "--back": self.back,
            "--goal": self.goal,
            "--by": self.by,
            "--fewest": self.fewest,
            "--sure": self.sure,
            "--save": self.save,
        }
        return tuple(name for name, value in options.items() if value)


APART = {
    "--forecast": ("--what-if", "--back", "--goal", "--fewest", "--sure", "--save"),
    "--what-if": ("--back", "--fewest", "--sure", "--save"),
}
NEEDS = {"--ahead": "--forecast", "--by": "--goal"}


def clashes(wish: Wish) -> Iterator[Problem]:
    """Options that say nothing together, and values out of range (code Q171)."""
    written = wish.written
    for option in wish.blank:
        yield Problem(Place(option), "Q171", {"case": "blank", "option": option})
    for one, others in APART.items():
        for other in others:
            if one in written and other in written:
                yield Problem(Place(other), "Q171", {"case": "apart", "option": other, "other": one})
    for option, needed in NEEDS.items():
        if option in written and needed not in written:
            yield Problem(Place(option), "Q171", {"case": "needs", "option": option, "other": needed})
    if wish.ahead is not None and not 1 <= wish.ahead <= MOST:
        yield Problem(Place("--ahead"), "Q171", {"case": "ahead", "found": wish.ahead, "most": MOST})
    if wish.sure and sure(wish.sure) is None:
        yield Problem(Place("--sure"), "Q171", {"case": "sure", "found": wish.sure})


def sure(text: str) -> float | None:
    """A probability as written, `80%` or `0.8`; None where it is none."""
    from shinro.definitions.phrases import level
    from shinro.definitions.tokens import Mistake

    try:
        found = float(level(text).number.value) if text else 0.0
    except Mistake:
        return None
    return found if 0 < found < 1 else None
