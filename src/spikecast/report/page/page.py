"""The report about a data folder: one page, its figures, and its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spikecast.report.page.parts import Picture, Section
from spikecast.report.page.render import plain, render
from spikecast.report.page.topics import (
    best,
    claims,
    correlation,
    grids,
    inventory,
    layers,
    matched,
    membranes,
    outcomes,
    pareto,
    prose,
    seeds,
    slopes,
)
from spikecast.rows import read_rows
from spikecast.study.study import Study

_OF_THE_ROWS = (
    inventory,
    claims,
    slopes,
    grids,
    matched,
    membranes,
    pareto,
    layers,
    correlation,
    outcomes,
    seeds,
    best,
)


@dataclass(frozen=True)
class StudyReport:
    """What a data folder's rows say, section by section."""

    title: str
    lead: str
    sections: tuple[Section, ...]

    @property
    def html(self) -> str:
        return render(self.title, self.lead, self.sections)

    @property
    def pictures(self) -> Iterator[Picture]:
        yield from (part for section in self.sections for part in section.parts if isinstance(part, Picture))

    def to_dict(self) -> dict[str, Any]:
        """What ``spikecast report --json`` prints."""
        return {"title": self.title, "lead": self.lead, "sections": plain(self.sections)}


def study_report(folder: Path) -> StudyReport:
    """Read a data folder and answer every question of the study.

    Raises:
        InputError: the folder, its rows or its findings cannot be read, or hold too little.
    """
    study = Study.of(read_rows(folder))
    written = prose.findings(folder)
    sections = [part.section(study) for part in _OF_THE_ROWS]
    return StudyReport(
        "What training choices do to spikes, accuracy and latency",
        f"{len(study.rows):,} trained networks of {len(study.table):,} configurations, timed spike by spike on "
        f"event-driven hardware; the most accurate reaches {study.rows['accuracy'].max():.1%}.",
        (*sections, *([written] if written else []), prose.caveats(study)),
    )
