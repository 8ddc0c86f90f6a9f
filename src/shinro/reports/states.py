"""States as readers see them: a shape and a word, so that no colour is needed."""

from __future__ import annotations

from shinro.reports.words import Words
from shinro.series import Mark, State

SHAPES = {
    State.AHEAD: "▲",
    State.ON_COURSE: "●",
    State.BEHIND: "▼",
    State.REACHED: "✓",
    State.MISSED: "✗",
    State.INCOMPLETE: "…",
    State.UNKNOWN: "?",
}


MARKS = {Mark.COMPLETE: "", Mark.INCOMPLETE: SHAPES[State.INCOMPLETE], Mark.UNKNOWN: SHAPES[State.UNKNOWN]}


def mark(found: Mark) -> str:
    """The shape of what is not final: `…`, `?`."""
    return MARKS[found]


def state_word(state: State, words: Words) -> str:
    """`遅れ`, `behind`."""
    return words.say(f"state.{state.value.replace(' ', '_')}")


def state(found: State | None, words: Words) -> str:
    """`▼ 遅れ`; nothing where there is nothing to compare with."""
    return f"{SHAPES[found]} {state_word(found, words)}" if found else ""
