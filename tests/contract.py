"""Contracts: what other faces read, kept as files; `SHINRO_CONTRACT=write` writes them anew, to be read as a diff."""

from __future__ import annotations

import json
import os
from pathlib import Path

FOLDER = Path(__file__).parent / "contract"


def contract(name: str, value: object) -> None:
    """The value is what the file says."""
    path, text = FOLDER / f"{name}.json", json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("SHINRO_CONTRACT") == "write":
        FOLDER.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8")) == value
