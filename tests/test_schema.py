"""The schema that editors use says what the reader says."""

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from shinro.definitions.schema import schema
from shinro.demo.exports import LAST, project
from shinro.demo.truths import Truths


class Core(yaml.SafeLoader):
    """YAML 1.2 as editors read it: `on` and `yes` are texts, days are texts."""


Core.yaml_implicit_resolvers = {
    first: [(tag, found) for tag, found in resolvers if not tag.endswith((":bool", ":timestamp"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Core.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


def plain(text: str) -> Any:
    return yaml.load(text, Loader=Core)  # noqa: S506 - a safe loader


PROJECTS = [Path("examples/aozora/shinro.yaml").read_text("utf-8"), project(Truths(LAST))]


@pytest.mark.parametrize("text", PROJECTS, ids=["aozora", "demo"])
def test_our_own_projects_are_valid(text: str) -> None:
    validator = jsonschema.validators.validator_for(schema())(schema())
    assert [error.message for error in validator.iter_errors(plain(text))] == []


@pytest.mark.parametrize(
    "change",
    [
        {"metric": {}},
        {"metrics": {"a": {"count": "x", "sum": "x.y"}}},
        {"metrics": {"a": {"label": "x"}}},
        {"week_starts": "someday"},
        {"sources": {"a": {"type": "excel"}}},
        {"story": {}},
    ],
)
def test_what_the_reader_refuses_is_not_valid(change: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"company": "x"} | change, schema())


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
