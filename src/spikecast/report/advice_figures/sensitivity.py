"""What one choice does to every target."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spikecast.advise.axis import LOGARITHMIC, is_number
from spikecast.advise.sensitivity import Sweep
from spikecast.advise.wording import choices_in_words, network_in_words
from spikecast.report.advice_figures.interval_bars import interval_bars
from spikecast.report.advice_figures.target_axes import TARGET_AXES
from spikecast.report.look import BLUE, logarithmic, styled
from spikecast.report.page.frame import pale

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

#: In pixels.
_PANEL, _ROW, _ABOVE, _BELOW = 300, 34, 130, 70


def sensitivity_figure(sweep: Sweep) -> Figure:
    """Draw every target over the values of the choice that was swept, with its 90 % interval."""
    return _curves(sweep) if is_number(sweep.of) else _dots(sweep)


def _curves(sweep: Sweep) -> Figure:
    """A number: a curve for each target, two beside each other."""
    from plotly.subplots import make_subplots

    targets, table = _targets(sweep), sweep.table
    rows = (len(targets) + 1) // 2
    figure = make_subplots(rows=rows, cols=2, vertical_spacing=0.16 * 2 / rows, horizontal_spacing=0.09)
    _style(figure, sweep, "bands", _PANEL * rows)
    axis = logarithmic() if sweep.of in LOGARITHMIC else {}
    for position, target in enumerate(targets):
        where = {"row": position // 2 + 1, "col": position % 2 + 1}
        low, high = table[f"{target}_low"], table[f"{target}_high"]
        figure.add_scatter(
            **where,
            x=np.concatenate([table[sweep.of], table[sweep.of][::-1]]),
            y=np.concatenate([high, low[::-1]]),
            fill="toself",
            fillcolor=pale(BLUE, 0.15),
            line_width=0,
            mode="lines",
            hoverinfo="skip",
        )
        form = TARGET_AXES[target].number
        figure.add_scatter(
            **where,
            x=table[sweep.of],
            y=table[target],
            mode="lines+markers",
            line={"color": BLUE, "width": 2},
            marker=_marker(sweep, size=7),
            customdata=np.column_stack([low, high]),
            hovertemplate=f"{sweep.of} %{{x:.3~g}}<br>%{{y:{form}}}, {_interval(form)}<extra></extra>",
        )
        figure.update_xaxes(**where, title_text=_plain(sweep.of), **axis)
        figure.update_yaxes(**where, title_text=TARGET_AXES[target].title, tickformat=TARGET_AXES[target].ticks)
    return figure


def _dots(sweep: Sweep) -> Figure:
    """Categories: a row for each, where a long name has room, and a column for each target."""
    from plotly.subplots import make_subplots

    targets, table = _targets(sweep), sweep.table
    figure = make_subplots(rows=1, cols=len(targets), shared_yaxes=True, horizontal_spacing=0.04)
    _style(figure, sweep, "bars", _ROW * len(table))
    for column, target in enumerate(targets, start=1):
        form = TARGET_AXES[target].number
        figure.add_scatter(
            row=1,
            col=column,
            x=table[target],
            y=table[sweep.of].map(_plain),
            error_x=interval_bars(table, target),
            mode="markers",
            marker=_marker(sweep, size=10),
            customdata=table[[f"{target}_low", f"{target}_high"]],
            hovertemplate=f"%{{y}}<br>%{{x:{form}}}, {_interval(form)}<extra></extra>",
        )
        axis = TARGET_AXES[target]
        figure.update_xaxes(row=1, col=column, title_text=axis.title, tickformat=axis.ticks, nticks=5)
    figure.update_yaxes(type="category", range=[len(table) - 0.5, -0.5])
    return figure


def _targets(sweep: Sweep) -> list[str]:
    """Those that are predicted."""
    return [name for name in TARGET_AXES if name in sweep.table and sweep.table[name].notna().any()]


def _style(figure: Figure, sweep: Sweep, drawn_as: str, height: int) -> None:
    outside = int((~sweep.table["in_domain"]).sum())
    first = sweep.table.iloc[0].to_dict()
    network, fixed = (words(first, leave_out=sweep.varied) for words in (network_in_words, choices_in_words))
    defaults = [_plain(name) for name in sweep.varied if name != sweep.of]
    with_them = f"; {' and '.join(defaults)} as each one's default" if defaults else ""
    hollow = f"; hollow: outside what was measured ({outside} of {len(sweep.table)})" if outside else ""
    subtitle = f"{network}: {fixed}{with_them}<br>on {sweep.hardware}; {drawn_as} are 90 % intervals{hollow}"
    styled(
        figure, f"Effect of {_plain(sweep.of)}", subtitle, height=_ABOVE + height + _BELOW, above=_ABOVE, below=_BELOW
    )
    figure.update_layout(showlegend=False)


def _marker(sweep: Sweep, size: int) -> dict[str, object]:
    fill = np.where(sweep.table["in_domain"], BLUE, "white")
    return {"size": size, "color": fill, "opacity": 1, "line": {"color": BLUE, "width": 1.5}}


def _interval(form: str) -> str:
    return f"%{{customdata[0]:{form}}} to %{{customdata[1]:{form}}}"


def _plain(name: object) -> str:
    return str(name).replace("_", " ")
