"""The report about a data folder: one HTML page that works offline, its figures, and its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from spikecast.report.page.content import Picture, Section, Table
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
from spikecast.study.statistics import Estimate
from spikecast.study.study import Study

#: What answers a question of the rows, a section each, in the order of the page.
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
        """The page; the plotting code is in it once, whatever the number of figures."""
        return _rendered(self)

    @property
    def pictures(self) -> Iterator[Picture]:
        """All figures, in the order of the page."""
        yield from (part for section in self.sections for part in section.parts if isinstance(part, Picture))

    def to_dict(self) -> dict[str, Any]:
        """What ``spikecast report --json`` prints."""
        return {"title": self.title, "lead": self.lead, "sections": [_in_numbers(section) for section in self.sections]}


def study_report(folder: Path) -> StudyReport:
    """Read a data folder and answer every question of the study.

    Raises:
        InputError: the folder, its rows or its findings cannot be read, or hold too little.
    """
    study = Study.of(read_rows(folder))
    written = prose.findings(folder)
    sections = [topic.section(study) for topic in _OF_THE_ROWS]
    return StudyReport(
        "What training choices do to spikes, accuracy and latency",
        f"{len(study.rows):,} trained networks of {len(study.table):,} configurations, timed spike by spike on "
        f"event-driven hardware; the most accurate reaches {study.rows['accuracy'].max():.1%}.",
        (*sections, *([written] if written else []), prose.caveats(study)),
    )


def _rendered(report: StudyReport) -> str:
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from plotly.offline import get_plotlyjs

    environment = Environment(
        loader=PackageLoader("spikecast.report.page", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.j2").render(
        title=report.title, lead=report.lead, sections=report.sections, plotly=get_plotlyjs(), drawn=_drawn
    )


def _drawn(picture: Picture) -> str:
    from plotly.io import to_html

    config = {"displayModeBar": False, "responsive": True}
    # A fixed name: the same rows give the same page.
    name = f"figure-{picture.name}"
    return str(to_html(picture.figure, include_plotlyjs=False, full_html=False, config=config, div_id=name))


def _in_numbers(section: Section) -> dict[str, Any]:
    """What a section says as values for JSON: no figures, but what can be read from them."""
    return {
        "name": section.name,
        "title": section.title,
        "missing": list(section.missing),
        "takeaways": {part.name: part.takeaway for part in section.parts if isinstance(part, Picture)},
        "tables": {
            part.name: [_plain(dict(row)) for row in part.rows] for part in section.parts if isinstance(part, Table)
        },
    }


def _plain(value: Any) -> Any:
    """JSON knows no NaN and no numpy."""
    if isinstance(value, Estimate):
        return _plain(asdict(value))
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    return None if value is None or value is pd.NA or value != value else value
