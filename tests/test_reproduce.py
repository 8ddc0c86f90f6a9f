"""The same bytes from shuffled rows and any number of threads."""

from __future__ import annotations

from pathlib import Path

from bench.reproduce import compared

from publishing import AS_OF, EDITED, GOALS, STORY, a_project


def test_published_values_are_the_same_bytes_from_shuffled_rows_with_one_two_and_four_threads(tmp_path: Path) -> None:
    a_project(tmp_path, STORY.replace("cadence: monthly", "cadence: weekly") + GOALS, deals=EDITED)
    values, rounds, other = compared(tmp_path, AS_OF, 50, 1)
    assert (values > 5, rounds, other) == (True, 3, 0)
