"""The page about sources says what is read and what the limits are, as the code has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from shinro.definitions.project import NEEDS
from shinro.warehouse import apart, archives, engine, faults, sqlite_file, workbook
from shinro.warehouse.files import ENDINGS

PAGE = (Path(__file__).parents[1] / "docs/sources.md").read_text(encoding="utf-8")
LIMITS = {
    f"| {engine.Limits().seconds:.0f} seconds |": "a load",
    f"| {engine.Limits().memory.removesuffix('GB')} GB |": "the engine",
    f"| {apart.MEMORY >> 30} GB | L119": "a process",
    f"| {archives.UNPACKED >> 20} MB, in {archives.PARTS:,} parts": "an archive",
    f"over {archives.SMALL >> 20} MB that shrank more than {archives.RATIO} times": "a part",
    f"| {workbook.WRITTEN >> 30} GB | L131": "a sheet",
    f"{faults.LONGEST >> 20} MB of XML": "a cell",
    f"| {sqlite_file.LIMITS[0] >> 20} MB | L121": "a value",
}


@pytest.mark.parametrize("word", [*ENDINGS, *NEEDS])
def test_every_ending_and_type_is_on_the_page(word: str) -> None:
    assert f"`{word}`" in PAGE


@pytest.mark.parametrize("said", LIMITS)
def test_limits_are_as_the_page_says(said: str) -> None:
    assert said in PAGE
