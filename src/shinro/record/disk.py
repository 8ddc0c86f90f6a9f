"""The disk: what makes a change of a folder last."""

from __future__ import annotations

import os
from pathlib import Path


def on_disk(folder: Path) -> None:
    """Makes the names in a folder survive a loss of power, where the system knows how."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
