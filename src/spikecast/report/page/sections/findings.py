"""What surprised, as somebody wrote it down."""

from __future__ import annotations

from pathlib import Path

from spikecast.errors import InputError
from spikecast.report.page.parts import Section

FINDINGS_FILE = "findings.md"


def section(folder: Path) -> Section | None:
    """The data folder's findings; None if it has none.

    Raises:
        InputError: the file cannot be read as text.
    """
    from markdown_it import MarkdownIt

    path = folder / FINDINGS_FILE
    if not path.is_file():
        return None
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read {path}: {error}: write it as UTF-8 text, or remove it") from None
    # Markup in the text stays text: the page holds no script but its own.
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    return Section("findings", "What surprised us", html=markdown.render(text))
