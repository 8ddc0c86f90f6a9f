"""The examples of docs/methods/forecast.md and probability.md, as the pages say them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import numpy as np

from foretelling import ground_of, milestone
from shinro.analysis import (
    bursts,
    forecast,
    forecast_models,
    forecast_past,
    forecast_season,
    forecast_share,
    forecast_told,
)
from shinro.analysis.forecast import Kind, paths
from shinro.analysis.forecast_tree import streams
from shinro.analysis.forecast_world import world
from shinro.analysis.probability import odds

METHODS = Path(__file__).parent.parent / "docs" / "methods"
FORECAST, PROBABILITY = ((METHODS / f"{name}.md").read_text("utf-8") for name in ("forecast", "probability"))


def rows(page: str) -> list[list[str]]:
    return [line.strip("| ").split(" | ") for line in re.findall(r"^\| .*\d.* \|$", page, re.MULTILINE)]


def sheet(page: str) -> list[list[str]]:
    return [line.split(",") for line in re.findall(r"```csv\n(.*?)```", page, re.DOTALL)[0].strip().splitlines()]


def test_the_paths_of_the_example_are_what_the_page_says() -> None:
    (values,) = sheet(FORECAST)
    found = paths(np.array(values, float), 4, Kind.COUNT, np.random.default_rng(1), 2000, 12)
    said = [list(map(float, row[1:])) for row in rows(FORECAST) if row[0].isdigit()]
    assert len(said) == 4
    assert np.abs(np.quantile(found, [0.1, 0.5, 0.9], axis=0).T - np.array(said)).max() <= 4


def test_the_milestone_of_the_example_is_as_likely_as_the_page_says() -> None:
    flows = {name: list(map(int, values)) for name, *values in sheet(PROBABILITY)}
    said = {row[0].strip("`"): float(row[1]) for row in rows(PROBABILITY)}
    ground = ground_of(flows, stock=20)
    texts = [text for text in said if text != "both"]
    drawn = streams(world(ground, ["standing", "come"], 14), ["standing", "come"])
    found = odds(ground, milestone(*texts), date(2026, 12, 31), drawn, {})
    told = {each.text: each.probability for each in found.conditions} | {"both": found.probability}
    assert {text: abs((told[text] or 0) - value) < 0.04 for text, value in said.items()} == dict.fromkeys(said, True)


def test_the_numbers_on_the_page_are_those_of_the_code() -> None:
    for said, meant in (
        (f"{forecast.DRAWS:,} of them", True),
        (f"Fewer than {forecast.LEAST} periods", True),
        (f"half after {forecast_models.HALF_LIFE:.0f} periods", True),
        (f"with {forecast_models.TAILS} degrees of freedom", True),
        (f"t² / ({forecast_models.DOUBT:.0f} + t²)", True),
        (f"variance is {forecast_season.SIGN:.0f} times its own doubt", True),
        (f"a step of {bursts.FAR:.0f} robust deviations", True),
        (f"one point {bursts.FAR:.0f} robust deviations", True),
        (f"{10 - 10 * forecast_past.LASTING:.0f} paths in 10 take it for a burst", forecast_past.KEPT == (0.5, 1.5)),
        (f"up to {forecast_told.TRIES} earlier dates", True),
        (f"by steps of {forecast_share.RESTLESS} on the scale of log odds", True),
        ("Beta(⅓, ⅓)", forecast_share.NEUTRAL == (1 / 3, 1 / 3)),
        ("ten at 4 %", forecast_share.LEAVING == (0.4, 9.6)),
    ):
        assert said in FORECAST
        assert meant
