"""Where the cycles of all samples went, as one bar a layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spikecast.accelerator.hardware import Hardware
from spikecast.accelerator.latency import Latency
from spikecast.accelerator.timing import spike_cycles
from spikecast.accelerator.trace import Trace
from spikecast.report.look import BLUE, INK, VERMILION, cycle_axis_title

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

#: A layer's bar has the colour of the engine that bounds it.
BOUND_COLOURS = {"compress": BLUE, "accumulate": VERMILION, "waits": BLUE, "slowest": VERMILION}
#: Height of a layer's bar in pixels.
BAR = 32


def layer_cycles(trace: Trace, latency: Latency, hardware: Hardware, report: pd.DataFrame) -> NDArray[np.float64]:
    """float[samples, layers], cycles whose mean the report gives as a layer's share."""
    if hardware.mode == "layerwise":
        return latency.done.astype(float)
    # Beside the spikes' work a layer spends the same handshakes on every sample.
    work = (trace.spikes * spike_cycles(np.array(latency.allocation))).astype(float)
    mean = report["share"].to_numpy() * latency.cycles.mean()
    cycles: NDArray[np.float64] = work - work.mean(axis=0) + mean
    return cycles


def draw_layers(
    figure: Figure,
    report: pd.DataFrame,
    cycles: NDArray[np.float64],
    hardware: Hardware,
    sparsity: NDArray[np.float64] | None,
) -> None:
    """Bars with whiskers and floors; the engine that bounds a layer gives its colour."""
    mean = cycles.mean(axis=0)
    low, middle, high = np.percentile(cycles, [5, 50, 95], axis=0)
    where = {"row": 2, "col": 1}
    common = {"legend": "legend2", "hoverinfo": "skip"}
    for bound, rows in report.groupby("bound", sort=False):
        at = rows.index
        figure.add_bar(
            **where,
            orientation="h",
            name=f"mean, {bound}" + (" bound" if hardware.mode == "layerwise" else ""),
            legend="legend2",
            offsetgroup="layers",
            width=0.62,
            y=rows["layer"],
            x=mean[at],
            marker={"color": BOUND_COLOURS[str(bound)], "opacity": 0.55, "line_width": 0},
            customdata=np.column_stack(
                [low[at], middle[at], high[at], rows["floor_cycles"], rows["spikes_in"], 100 * rows["utilisation"]]
            ),
            hovertemplate=(
                "<b>%{y}</b><br>mean %{x:,.0f} cycles<br>p5 %{customdata[0]:,.0f}, median %{customdata[1]:,.0f}, "
                "p95 %{customdata[2]:,.0f}<br>floor %{customdata[3]:,.0f}<br>%{customdata[4]:,.1f} spikes enter"
                "<br>cores add a weight in %{customdata[5]:.1f} % of cycles<extra></extra>"
            ),
        )
    figure.add_scatter(
        **where,
        **common,
        visible=len(cycles) > 1,
        name="p5 to p95",
        mode="lines+markers",
        x=np.column_stack([low, high, np.full_like(low, np.nan)]).ravel(),
        y=report["layer"].repeat(3),
        line={"color": INK, "width": 1.5},
        marker={"symbol": "line-ns", "size": 10, "line": {"color": INK, "width": 1.5}},
    )
    figure.add_scatter(
        **where,
        **common,
        name="floor: one neuron to a unit" if hardware.mode == "pipeline" else "floor: more cores cannot beat it",
        mode="markers",
        x=report["floor_cycles"],
        y=report["layer"],
        marker={"symbol": "line-ns", "size": 0.62 * BAR, "line": {"color": INK, "width": 3}},
    )
    figure.add_scatter(
        **where,
        **common,
        showlegend=False,
        mode="text",
        x=np.maximum(mean, high),
        y=report["layer"],
        text=_notes(report, hardware, sparsity),
        textposition="middle right",
    )
    figure.update_xaxes(row=2, range=[0, 1.3 * max(mean.max(), high.max())], title_text=cycle_axis_title(hardware))


def _notes(report: pd.DataFrame, hardware: Hardware, sparsity: NDArray[np.float64] | None) -> list[str]:
    """What stands beside the bars."""
    shares = [f"{share:.0%}" if share >= 0.01 else "<1%" for share in report["share"]]
    if hardware.mode == "pipeline":
        sizes = [f"{size} to a unit" for size in report["unit_size"]]
    else:
        sizes = ["1 core" if cores == 1 else f"{cores} cores" for cores in report["cores"]]
    notes = [f"  <b>{share}</b>  {size}" for share, size in zip(shares, sizes, strict=True)]
    if sparsity is None:
        return notes
    return [f"{note}, {share:.1%} sparse" for note, share in zip(notes, sparsity, strict=True)]
