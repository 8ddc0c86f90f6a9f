"""Commits: which one a folder's git stands at, read from git's own files; no program is run."""

from __future__ import annotations

import re
from pathlib import Path

_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def commit_of(folder: Path) -> str | None:
    """The commit that is checked out in or above a folder; None without git, before the first commit, or unread."""
    try:
        git = _git(folder.resolve())
        return _commit(git) if git else None
    except (OSError, UnicodeDecodeError):
        return None


def _git(folder: Path) -> Path | None:
    """The folder of git's own files: `.git`, or where a file of that name points (a worktree, a submodule)."""
    for place in (folder, *folder.parents):
        found = place / ".git"
        if found.is_dir():
            return found
        if found.is_file():
            return place / _read(found).removeprefix("gitdir:").strip()
    return None


def _commit(git: Path) -> str | None:
    head = _read(git / "HEAD")
    if not head.startswith("ref:"):
        return head if _SHA.fullmatch(head) else None
    name = head.removeprefix("ref:").strip()
    common = git / _read(git / "commondir") if (git / "commondir").is_file() else git
    for place in (git, common):
        if (place / name).is_file():
            found = _read(place / name)
            return found if _SHA.fullmatch(found) else None
    return _packed(common, name)


def _packed(git: Path, name: str) -> str | None:
    file = git / "packed-refs"
    lines = _read(file).splitlines() if file.is_file() else []
    return next((line.split(" ")[0] for line in lines if line.endswith(f" {name}")), None)


def _read(file: Path) -> str:
    return file.read_text("utf-8").strip()
