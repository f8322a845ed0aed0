"""LIF against Lapicque with the same membrane: accuracy and latency of one against the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from spikecast.report.look import BLUE, INK, VERMILION, panels
from spikecast.report.page.content import Column, Picture, Section, Table
from spikecast.report.page.frame import framed, legend_above
from spikecast.study.membranes import LEAK, SLOPE, THRESHOLD, EqualMembranes, equal_membranes
from spikecast.study.study import Study
from spikecast.study.tables import ok_only

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

TITLE = "LIF against Lapicque with the same membrane"


def section(study: Study) -> Section:
    """The section of the page, or which rows are missing for it."""
    ok = ok_only(study.table)
    found = {
        name: pairs
        for name, equal_gradient in (("same slope", False), ("same gradient", True))
        if (pairs := equal_membranes(ok, equal_gradient=equal_gradient)) is not None
    }
    missing = "Few pairs are exact: spikecast characterize --space spaces/pairs.yaml"
    if not found:
        return Section("membranes", TITLE, missing=(missing,))
    exact = all(pairs.pairs["exact"].all() for pairs in found.values())
    return Section(
        "membranes",
        TITLE,
        (
            "A lapicque neuron with gain g, leak l and threshold t moves as a leaky neuron with leak l and threshold "
            "t/g: with the same weights both networks fire the same spikes, and only training can make them differ. "
            "With the same slope, lapicque's surrogate sees a membrane g times as large; with slope k/g it sees the "
            "same, and gradients differ in their scale at most. "
            + (
                "The pairs are exact up to rounding."
                if exact
                else f"With few exact pairs the nearest stand in: leak within {LEAK:g}, threshold within "
                f"{THRESHOLD - 1:.0%}, slope within {SLOPE - 1:.0%}."
            ),
        ),
        (
            Table(
                "membranes",
                "Lapicque beside leaky with the same leak and threshold at gain 1; pairs are resampled",
                (
                    Column("equal", "also equal"),
                    Column("pairs", "pairs", "d"),
                    Column("kind", "pairs are"),
                    Column("latency_ratio", "latency, ratio", ".3f"),
                    Column("accuracy_points", "accuracy, points", "+z.1f"),
                ),
                tuple(_line(name, pairs) for name, pairs in found.items()),
            ),
            Picture(
                "membranes",
                "The same membrane under two names",
                _takeaway(found),
                f"Left out: configurations without a partner, {len(ok) - _paired(found):,} of {len(ok):,} ok ones.",
                membrane_figure({name: pairs.pairs for name, pairs in found.items()}),
            ),
        ),
        () if exact else (missing,),
    )


def _line(name: str, found: EqualMembranes) -> dict[str, object]:
    exact = found.pairs["exact"].all()
    return {
        "equal": name,
        "pairs": len(found.pairs),
        "kind": "exact" if exact else "exact and nearest",
        "latency_ratio": found.ratio,
        "accuracy_points": found.gain_points,
    }


def _paired(found: dict[str, EqualMembranes]) -> int:
    """Configurations in any pair."""
    return len({key for pairs in found.values() for key in pairs.pairs[["key_leaky", "key_lapicque"]].to_numpy().flat})


def _takeaway(found: dict[str, EqualMembranes]) -> str:
    parts = [
        f"{name}, {pairs.ratio.value:.2f} times the cycles and {pairs.gain_points.value:+z.1f} points of accuracy "
        f"({len(pairs.pairs)} pairs)"
        for name, pairs in found.items()
    ]
    return f"Lapicque beside leaky with the same leak and threshold: {'; '.join(parts)}."


def membrane_figure(kinds: dict[str, pd.DataFrame]) -> Figure:
    """Draw pairs as ``EqualMembranes`` holds them, by what else is equal; on the diagonal both are alike."""
    figure = panels(cols=2, subplot_titles=("accuracy", "latency"), horizontal_spacing=0.1)
    framed(figure, height=500, above=76)
    figure.update_layout(legend=legend_above(1.08))
    for col, quantity in enumerate(("accuracy", "latency"), start=1):
        form = ".1%" if quantity == "accuracy" else ",.0f"
        for (name, pairs), color, symbol in zip(kinds.items(), (BLUE, VERMILION), ("circle", "square"), strict=False):
            figure.add_scatter(
                row=1,
                col=col,
                name=name,
                showlegend=col == 1,
                x=pairs[f"{quantity}_leaky"],
                y=pairs[f"{quantity}_lapicque"],
                mode="markers",
                marker={"symbol": symbol, "color": color, "size": 9, "opacity": 0.75},
                hovertemplate=f"leaky %{{x:{form}}}, lapicque %{{y:{form}}}<extra>{name}</extra>",
            )
        both = pd.concat([pairs[[f"{quantity}_leaky", f"{quantity}_lapicque"]] for pairs in kinds.values()])
        least, most = both.min(axis=None), both.max(axis=None)
        figure.add_scatter(
            row=1,
            col=col,
            name="equal",
            showlegend=False,
            x=[least, most],
            y=[least, most],
            mode="lines",
            line={"color": INK, "width": 1, "dash": "dash"},
            hoverinfo="skip",
        )
        ticks = ".0%" if quantity == "accuracy" else "~s"
        figure.update_xaxes(col=col, title_text=f"leaky: {quantity}{', cycles' if col == 2 else ''}", tickformat=ticks)
        figure.update_yaxes(col=col, title_text=f"lapicque: {quantity}", tickformat=ticks)
    return figure
