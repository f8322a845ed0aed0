"""From sections to one HTML page that works offline, and to plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from spikecast.report.page.parts import Picture, Section, Table
from spikecast.study.statistics import Estimate


def render(title: str, lead: str, sections: Sequence[Section]) -> str:
    """The page; the plotting code is in it once, whatever the number of figures."""
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
        title=title,
        lead=lead,
        sections=sections,
        plotly=get_plotlyjs(),
        drawn=_drawn,
    )


def _drawn(picture: Picture) -> str:
    from plotly.io import to_html

    config = {
        "displayModeBar": False,
        "responsive": True,
    }
    # A fixed name: the same rows give the same page.
    name = f"figure-{picture.name}"
    return str(to_html(picture.figure, include_plotlyjs=False, full_html=False, config=config, div_id=name))


def plain(sections: Sequence[Section]) -> list[dict[str, Any]]:
    """What the sections say as values for JSON: no figures, but what can be read from them."""
    return [
        {
            "name": section.name,
            "title": section.title,
            "missing": list(section.missing),
            "takeaways": {part.name: part.takeaway for part in section.parts if isinstance(part, Picture)},
            "tables": {
                part.name: [_plain(dict(row)) for row in part.rows] for part in section.parts if isinstance(part, Table)
            },
        }
        for section in sections
    ]


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
