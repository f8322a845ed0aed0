"""What the numbers cannot say, and what somebody wrote down about them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path

from spikecast.choices import network_name
from spikecast.errors import InputError
from spikecast.report.page.content import Section
from spikecast.study.statistics import LEVEL
from spikecast.study.study import Study

#: Accuracies at which the error of the recordings is given.
_EXAMPLES = (0.95, 0.8)


def caveats(study: Study) -> Section:
    """What holds for these recordings, networks and ranges, and may not for others."""
    rows = study.rows
    recordings = rows["evaluated_samples"].min()
    networks = map(network_name, rows["dataset"], rows["architecture"])
    errors = " and ".join(f"{100 * math.sqrt(p * (1 - p) / recordings):.1f} points at {p:.0%}" for p in _EXAMPLES)
    return Section(
        "caveats",
        "What these numbers cannot say",
        (
            f"Accuracies are shares of {recordings:.0f} evaluated recordings or more: a standard error of {errors}, "
            "which all networks on the same recordings share. Intervals over configurations do not hold it, but for "
            "those of single networks.",
            f"Data sets: {_listed(rows['dataset'])}. Networks: {_listed(networks)}. "
            f"Hardware: {_listed(rows['hardware'])}. Epochs: {rows['epochs'].min()} to {rows['epochs'].max()}. "
            "What holds for them need not hold for larger data, networks or longer training.",
            f"The intervals ({LEVEL:.0%}) say how far a number would move with other configurations of the same "
            "design; the design itself, which ranges were tried, is a choice.",
        ),
    )


def _listed(values: Iterable[str]) -> str:
    return ", ".join(sorted(set(values)))


FINDINGS_FILE = "findings.md"


def findings(folder: Path) -> Section | None:
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
