"""The examples of docs/methods/decomposition.md, as the page says them."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

from shinro.analysis.decompose import Reader, decompose, reader, tree_of
from shinro.analysis.stages import funnel
from shinro.definitions.functions import FUNCTIONS
from shinro.definitions.project import Project, read_project
from shinro.findings.stages import Rule
from shinro.periods import Grain

PAGE = (Path(__file__).parent.parent / "docs" / "methods" / "decomposition.md").read_text("utf-8")
COMPANY, LAG = (re.sub("^  ", "", block, flags=re.MULTILINE) if block.startswith("  ") else block
                for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL))  # fmt: skip
RATES = {"reply_rate": ("replies", "calls"), "appointment_rate": ("meetings", "replies")}


def table(header: str) -> list[list[str]]:
    """The rows of the table whose first cell is this."""
    found = re.search(rf"^\| {header} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    assert found is not None
    return [line.strip("| ").split(" | ") for line in found[1].splitlines()]


def project(text: str) -> Project:
    found, problems = read_project(text, "shinro.yaml")
    assert problems == ()
    return found


def test_the_example_is_what_the_page_says() -> None:
    *drivers, whole = table("driver")
    before, after = ({name: Fraction(sides[n]) for name, *sides in drivers} for n in (0, 1))
    found = decompose(tree_of(project(COMPANY), "meetings"), "meetings", reader(before), reader(after))
    assert [[leaf.name, str(leaf.before), str(leaf.after), str(leaf.contribution)] for leaf in found.leaves] == drivers
    root = found.root
    assert [root.name, str(root.before), str(root.after), str(root.contribution)] == whole


def week(number: int) -> Reader:
    """What the table of weeks says, rates from their parts."""
    rows = {int(row[0]): row[1:] for row in table("week")}

    def count(metric: str, back: int) -> Fraction:
        return Fraction(rows[number - back][("calls", "replies", "meetings").index(metric)])

    def read(metric: str, back: int) -> Fraction:
        over, base = RATES.get(metric, (metric, ""))
        return count(over, back) / count(base, back) if base else count(over, back)

    return read


def test_doubled_calls_blame_no_rate_once_the_lag_is_told() -> None:
    for after, lag, *brought in table("from week 3 to"):
        text = COMPANY if lag == "none" else COMPANY + LAG
        tree = tree_of(project(text), "meetings", Grain.WEEK)
        found = decompose(tree, "meetings", week(3), week(int(after)))
        assert [str(leaf.contribution) for leaf in found.leaves] == brought
        assert found.off == ()


def test_the_stages_of_the_page() -> None:
    counts = [Fraction(count.replace(",", "")) for count in ("10,000", "1,200", "360", "300", "180", "45")]
    stages = [(str(n), count) for n, count in enumerate(counts)]
    found = funnel(stages, {str(n): Fraction(worth) for n, worth in enumerate((1, 20, 90, 120, 300))})
    assert [round((step.drop or 0) * 100) for step in found.steps] == [88, 70, 17, 40, 75]
    assert [found.by(rule).steps[0].start for rule in Rule] == ["0", "0", "4"]
    assert [row[0] for row in table("rule")] == [rule.value for rule in Rule]


def test_every_function_of_a_formula_stands_on_the_page() -> None:
    assert [name for name, function in FUNCTIONS.items() if function.formula and f"`{name}`" not in PAGE] == []
