"""A file that is no env file: which format it is in, so that one line says what is wrong.

Asked where a file does not parse, and sure before it speaks: no env file reads so.
"""

from __future__ import annotations

import json
import re

_ASSIGNMENT = re.compile(r"^[ \t]*(?:export[ \t]+)?[A-Za-z_]\w*[ \t]*=", re.MULTILINE)
_SECTION = re.compile(r"^[ \t]*\[\[?[\w. :\"'-]+\]\]?[ \t]*$", re.MULTILINE)
_YAML_LINE = re.compile(r"\s*(?:- )?[\w.\"'-]+:(?:\s.*)?|\s*- .*|---|\.\.\.|\s+\S.*")


def format_of(text: str) -> str | None:
    """The name of the format, or None where it is none of those known here."""
    start = text.lstrip()
    if start.startswith("#!"):
        return "a shell script"
    if start[:1] == "<":
        is_html = start[:14].lower().startswith(("<!doctype html", "<html"))
        is_xml = start.startswith(("<?xml", "<plist", "<project", "<configuration"))
        return "HTML" if is_html else "XML" if is_xml else None
    if start[:1] in ("{", "["):
        return _of_brackets(start)
    if _SECTION.search(text):
        return "TOML or INI, with sections"
    lines = [line for line in text.splitlines() if line.strip() and line.lstrip()[0] != "#"]
    is_yaml = not _ASSIGNMENT.search(text) and all(_YAML_LINE.fullmatch(line) for line in lines)
    return "YAML" if is_yaml and any(":" in line for line in lines) else None


def _of_brackets(start: str) -> str | None:
    if re.match(r"\{\s*(?:\"[^\"\n]*\"\s*:|\})|\[\s*[\[{\"\]]", start):
        return "JSON"
    try:
        json.loads(start)
    except ValueError:
        return "TOML or INI, with sections" if _SECTION.match(start) else None
    return "JSON"
