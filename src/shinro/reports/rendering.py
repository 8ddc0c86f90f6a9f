"""Document -> bytes in the form that was asked for. A form's own libraries are imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Literal, TypeAlias, get_args

from shinro.reports.document import Document

Form: TypeAlias = Literal["html", "pdf", "pptx", "xlsx", "md"]
FORMS: tuple[Form, ...] = get_args(Form)
MODULES: dict[Form, str] = {
    "html": "hypertext",
    "pdf": "paper",
    "pptx": "slides",
    "xlsx": "sheets",
    "md": "markdown",
}


def render(document: Document, form: Form) -> bytes:
    """The document as a file's bytes.

    Law: the same document, the same bytes. No text of the document does anything in the file but show.
    Cost: linear in the document; the first drawing of a process takes 0.5 s, the first PDF the reading of its fonts.
    """
    made: bytes = import_module(f"shinro.reports.forms.{MODULES[form]}").made(document)
    return made
