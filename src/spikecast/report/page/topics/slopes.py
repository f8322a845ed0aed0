"""What the surrogate and its slope do: a panel for each surrogate, a curve for each neuron, a band over seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from spikecast.report.look import NEURON_MARKS, in_words, pale
from spikecast.report.page.content import Column, Picture, Section, Table, left_out, network_line
from spikecast.report.page.frame import surrogate_panels
from spikecast.study.claims.fast_sigmoid import KEPT, SlopeRange, slope_ranges, useful_ranges
from spikecast.study.statistics import PEAK_OF, bootstrap, peak
from spikecast.study.study import Study
from spikecast.study.tables import configurations, most_accurate
from spikecast.surrogates import SURROGATES
from spikecast.wording import studied

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

TITLE = "What the surrogate and its slope do"


def section(study: Study) -> Section:
    """The section of the page, or which rows are missing for it."""
    sweep = study.sweep
    if sweep.empty:
        return Section(
            "slopes",
            TITLE,
            missing=("No rows vary surrogate and slope alone: spikecast characterize --space spaces/phase1.yaml",),
        )
    ok = sweep["status"] == "ok"
    ranges = slope_ranges(sweep)
    first = sweep.iloc[0]
    return Section(
        "slopes",
        TITLE,
        (
            f"Networks are {network_line(sweep)}. Everything but surrogate, slope, neuron and seed is the same (beta "
            f"{first['beta']:g}, threshold {first['threshold']:g}). Curves are means over seeds, bands reach from the "
            "lowest seed to the highest; open marks: at least one seed is not ok.",
        ),
        (
            Picture(
                "slopes-accuracy",
                "Accuracy against slope",
                _accuracy_takeaway(sweep, ranges),
                left_out(sweep, sweep["accuracy"].notna()),
                slope_figure(sweep[sweep["accuracy"].notna()], "accuracy"),
            ),
            Picture(
                "slopes-latency",
                "Latency against slope",
                _latency_takeaway(sweep[ok]),
                left_out(sweep, ok),
                slope_figure(sweep[ok], "latency_cycles"),
            ),
            _range_table(ranges),
        ),
    )


def _accuracy_takeaway(sweep: pd.DataFrame, ranges: dict[str, SlopeRange]) -> str:
    table = configurations(sweep)
    best = most_accurate(table)
    kept = {name: of.kept(of.accuracy) for name, of in useful_ranges(ranges).items()}
    widest = max(kept, key=lambda name: kept[name])
    return (
        f"The most accurate is {in_words(studied(best))} with {best['accuracy']:.1%}; of those that learn, "
        f"{in_words(widest)} stays within {100 * KEPT:.0f} points of its peak over the widest range, "
        f"{kept[widest]:.1f} doublings of the slope."
    )


def _latency_takeaway(ok: pd.DataFrame) -> str:
    with_slope = ok[[SURROGATES[name].has_slope for name in ok["surrogate"]]]
    latency = configurations(with_slope).groupby(["surrogate", "neuron"])["latency_cycles"]
    factor = (latency.max() / latency.min()).sort_values()
    surrogate, neuron = factor.index[-1]
    return (
        f"Along one curve the slope changes latency {factor.median():.1f} times in the median, and "
        f"{factor.iloc[-1]:.1f} times for {in_words(str(surrogate))} with {neuron} neurons."
    )


def _range_table(ranges: dict[str, SlopeRange]) -> Table:
    ordered = sorted(ranges.items(), key=lambda item: -peak(item[1].accuracy))
    return Table(
        "slope-ranges",
        f"Peak accuracy (mean of the {PEAK_OF} best), and over how many doublings of slope it is kept within "
        f"{100 * KEPT:.0f} points",
        (
            Column("surrogate", "surrogate"),
            Column("peak", "peak accuracy", ".1%"),
            Column("octaves_kept", "octaves kept", ".1f"),
            Column("octaves_tested", "octaves tested", ".1f"),
            Column("lowest", "lowest accuracy", ".1%"),
            Column("configurations", "configurations", "d"),
        ),
        tuple(
            {
                "surrogate": in_words(name),
                "peak": bootstrap(peak, of.accuracy),
                "octaves_kept": bootstrap(of.kept, of.accuracy),
                "octaves_tested": of.octaves,
                "lowest": of.accuracy.min(),
                "configurations": len(of.accuracy),
            }
            for name, of in ordered
        ),
    )


def slope_figure(sweep: pd.DataFrame, quantity: str) -> Figure:
    """Draw a slope sweep.

    Args:
        sweep: the rows to draw; columns surrogate, neuron, slope, status and the quantity.
        quantity: ``accuracy`` or ``latency_cycles``.
    """
    figure, places = surrogate_panels(set(sweep["surrogate"]))
    for surrogate, place in places.items():
        for neuron in NEURON_MARKS:
            curve = sweep[(sweep["surrogate"] == surrogate) & (sweep["neuron"] == neuron)]
            if not curve.empty:
                _draw(figure, place, neuron, curve, quantity)
    if quantity == "accuracy":
        figure.update_yaxes(tickformat=".0%", range=[0, 1])
        figure.update_yaxes(col=1, title_text="accuracy")
    else:
        figure.update_yaxes(tickformat="~s", rangemode="tozero")
        figure.update_yaxes(col=1, title_text="latency, cycles")
    return figure


def _draw(figure: Figure, place: dict[str, int], neuron: str, curve: pd.DataFrame, quantity: str) -> None:
    """One curve: the mean over seeds, filled where all are ok, in a band from the lowest seed to the highest."""
    seeds = curve.groupby("slope")
    low, mean, high = (seeds[quantity].agg(how) for how in ("min", "mean", "max"))
    ok = seeds["status"].agg(lambda status: bool((status == "ok").all()))
    mark, form = NEURON_MARKS[neuron], ".1%" if quantity == "accuracy" else ",.0f"
    first = not any(drawn.name == neuron for drawn in figure.data)
    edge = {"mode": "lines", "line_width": 0, "hoverinfo": "skip", "showlegend": False, "legendgroup": neuron}
    figure.add_scatter(**place, **edge, x=high.index, y=high)
    figure.add_scatter(**place, **edge, x=low.index, y=low, fill="tonexty", fillcolor=pale(mark.color, 0.18))
    figure.add_scatter(
        **place,
        name=neuron,
        legendgroup=neuron,
        showlegend=first,
        x=mean.index,
        y=mean,
        mode="lines+markers",
        line={"color": mark.color, "width": 2, "dash": mark.dash},
        marker={
            "symbol": [mark.symbol if good else f"{mark.symbol}-open" for good in ok],
            "size": 8,
            "color": mark.color,
        },
        hovertemplate=f"{neuron}, slope %{{x:.3g}}: %{{y:{form}}}<extra></extra>",
    )
