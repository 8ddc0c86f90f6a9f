from pathlib import Path
from typing import Any

import pytest
import yaml

from shinro.definitions.writing import NotThere, Plain, add_item, block, scalar, set_value

EXAMPLES = [Path("examples/aozora/shinro.yaml"), Path("src/shinro/demo/shinro.yaml")]


def tree(text: str) -> Any:
    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - texts alone


@pytest.mark.parametrize("path", EXAMPLES, ids=str)
def test_one_more_milestone_leaves_every_other_line_as_it_was(path: Path) -> None:
    text = path.read_text("utf-8")
    added = add_item(
        text, ["milestones"], {"id": "m18", "by": "+18 months", "reach": ["win_rate >= 35% over 3 months"]}
    )
    line = "  - {id: m18, by: +18 months, reach: [win_rate >= 35% over 3 months]}\n"
    assert added.replace(line, "", 1) == text
    assert tree(added)["milestones"][-1]["id"] == "m18"


@pytest.mark.parametrize(
    ("text", "path", "value", "expected"),
    [
        ("a: 1  # one\nb: 2\n", ["a"], "5%", "a: 5%  # one\nb: 2\n"),
        ("a: {b: 1, c: 2}  # x\n", ["a", "b"], "+2pt", "a: {b: +2pt, c: 2}  # x\n"),
        ("a: {b: 1}\n", ["a", "d"], "it: is", 'a: {b: 1, d: "it: is"}\n'),
        ("a: {}\n", ["a", "d"], "x", "a: {d: x}\n"),
        ("a:\n  b: 1\n  # end of a\nc: 2\n", ["a", "d"], "x", "a:\n  b: 1\n  d: x\n  # end of a\nc: 2\n"),
        ("a: 1", ["b", "c"], {"d": "1"}, "a: 1\nb:\n  c:\n    d: 1\n"),
        ("", ["b"], ["x", "y"], "b:\n  - x\n  - y\n"),
        ("# only words\n", ["b"], "x", "# only words\nb: x\n"),
        ("a: |\n  long\n  text\nc: 1\n", ["d"], "x", "a: |\n  long\n  text\nc: 1\nd: x\n"),
        ("a:\n  - {b: 1}\n", ["a", 0, "c"], "2", "a:\n  - {b: 1, c: 2}\n"),
    ],
)  # fmt: skip
def test_a_value_is_set_where_it_belongs(text: str, path: list[str | int], value: Plain, expected: str) -> None:
    assert set_value(text, path, value) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: [x]\n", "a: [x, y]\n"),
        ("a: []\n", "a: [y]\n"),
        ("a:\n- x  # first\nb: 1\n", "a:\n- x  # first\n- y\nb: 1\n"),
        ("a:\n  - b: 1\n    c:\n      - 2\n\nd: 3\n", "a:\n  - b: 1\n    c:\n      - 2\n  - y\n\nd: 3\n"),
        ("b: 1\n", "b: 1\na:\n  - y\n"),
    ],
)
def test_an_item_is_added_at_the_end_of_its_list(text: str, expected: str) -> None:
    assert add_item(text, ["a"], "y") == expected


@pytest.mark.parametrize(("text", "path"), [("a: 1\n", ["a", "b"]), ("a: [1]\n", ["a", 3])])
def test_a_path_through_a_text_or_past_a_list_is_refused(text: str, path: list[str | int]) -> None:
    with pytest.raises(NotThere):
        set_value(text, path, "x")


def test_items_go_into_lists_alone() -> None:
    with pytest.raises(NotThere):
        add_item("a: 1\n", ["a"], "x")


@pytest.mark.parametrize(
    "text",
    [
        "a, b",
        "x: y",
        "- a",
        "'q'",
        "#c",
        "a #b",
        "",
        " ",
        "[1]",
        "{",
        "*x",
        "&y",
        "!t",
        "%",
        "a\nb",
        "|",
        "100万円",
        "+2pt",
        "5%",
    ],
)
def test_a_text_reads_back_as_itself_in_braces_and_alone(text: str) -> None:
    assert tree(f"k: {{x: {scalar(text)}, y: 1}}")["k"]["x"] == text
    assert tree(f"k: {scalar(text)}\n")["k"] == text


def test_a_block_is_indented_below_its_key() -> None:
    assert block("a", {"b": ["1"], "c": "2"}) == ["a:", "  b:", "    - 1", "  c: 2"]
