"""Compiles the gettext catalogs: Hatch does it for every wheel and editable install, `make words` in between."""

from __future__ import annotations

import io
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
CATALOGS = "src/shinro/locale/*/LC_MESSAGES/*.po"
ANY_DAY = datetime(2026, 4, 1, tzinfo=UTC)


def catalogs(root: Path = ROOT) -> list[Path]:
    """The catalogs that people write, one file a language and domain."""
    return sorted(root.glob(CATALOGS))


def compiled(po: Path) -> bytes:
    """The bytes of a catalog's .mo. Law: the same .po, the same bytes. Raises ValueError where the .po is broken."""
    with po.open("rb") as source:
        try:
            catalog = read_po(source, domain=po.stem, abort_invalid=True)
        except PoFileError as error:
            what = str(error).rpartition(" on ")[0]  # Babel counts its lines from 0
            raise ValueError(f"{po}:{error.lineno + 1}: {what}") from error
    catalog.creation_date = catalog.revision_date = ANY_DAY  # Babel's default is now
    target = io.BytesIO()
    write_mo(target, catalog)
    return target.getvalue()


def compile_catalogs(root: Path = ROOT) -> list[Path]:
    """Write every .mo whose bytes are not what its .po says, each in one step; return those written."""
    written = []
    for po in catalogs(root):
        mo, fresh = po.with_suffix(".mo"), compiled(po)
        if not mo.exists() or mo.read_bytes() != fresh:
            replace(mo, fresh)
            written.append(mo)
    return written


def replace(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old bytes or the new ones, never a part."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as target:
        target.write(content)
    Path(name).chmod(0o644)
    Path(name).replace(path)


class CatalogsHook(BuildHookInterface[BuilderConfig]):
    """Hatch's door to `compile_catalogs`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - Hatch's signature
        """Before the files of a target are gathered."""
        compile_catalogs(Path(self.root))


if __name__ == "__main__":
    compile_catalogs()
