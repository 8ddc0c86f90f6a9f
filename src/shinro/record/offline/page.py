"""The page that checks an export in a browser: the export's files within it, inert, and the script that reads them."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from html import escape
from importlib.resources import files

HERE = files(__package__)


def page(parts: Mapping[str, bytes], company: str) -> str:
    """One file that opens no connection; its own script and style are the only ones that may run.

    `parts`: the export's files by name. What is in them is data: it can end no script and begin no tag.
    """
    script, style = (HERE.joinpath(name).read_text("utf-8") for name in ("verify.js", "verify.css"))
    policy = f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; base-uri 'none'"
    told = {name: content.decode() for name, content in parts.items()} | {"company": company}
    data = json.dumps(told, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "\\u2028")
    frame = HERE.joinpath("frame.html").read_text("utf-8")
    for name, text in (("policy", escape(policy)), ("style", style), ("data", data), ("script", script)):
        before, _, after = frame.partition(f"<!-- {name} -->")
        frame = f"{before}{text}{after}"
    return frame


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
