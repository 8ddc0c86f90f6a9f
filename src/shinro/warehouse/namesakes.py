"""Namesakes: files that are called as if they were a table's, and are not read for it."""

from __future__ import annotations

import re
from collections.abc import Collection

from shinro.loads import TablePlan
from shinro.warehouse.files import ENDINGS, candidates, folded, in_books, matching, stem_and_date

# What a name says of the day or the version of a file, in whatever form.
_VERSION = re.compile(
    r"\d+(?:年度?|[月日時分版])?|(?:最新|修正|訂正|更新|改訂|確定|最終)版?|の?コピー|(?:v|ver|rev)(?=[\d.])"
    r"|(?<![^\W_])(?:新|旧|改|copy|of|new|newest|latest|final|fixed|old)(?![^\W\d_])|[\W_]"
)
_LOCK = "~$"  # Excel's, beside a workbook that is open


def namesakes(plan: TablePlan, stems: Collection[str]) -> tuple[tuple[str, ...], str]:
    """The files that `path` finds with the table's name and a day or version in another form than the rule's, by name.

    Such as `20261123_取引.csv` where `取引` is asked for. Beside them what the table's own files are called: a sheet is
    looked for by the name of its workbook. `stems` are those of all tables of the source: a file of one is no namesake.
    """
    if plan.source.type != "files" or not plan.source.path:
        return (), ""
    paths = [path for path in candidates(plan.source.path) if path.suffix.lower() in ENDINGS]
    named = matching(paths, plan.stem)
    own = plan.stem if named else plan.stem.rpartition(".")[0]
    if not (_bare(own) and (named or in_books(paths, plan.stem))):
        return (), ""
    taken = {folded(stem) for stem in (*stems, own)}
    others = [path for path in paths if not {folded(path.stem), folded(stem_and_date(path.stem)[0])} & taken]
    alike = [path.name for path in others if _bare(path.stem) == _bare(own) and not path.name.startswith(_LOCK)]
    return tuple(alike), own


def _bare(name: str) -> str:
    """A name without all that says a day or a version."""
    return _VERSION.sub("", folded(name).lower())
