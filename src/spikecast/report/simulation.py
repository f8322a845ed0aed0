"""One picture of a simulation: when the engines worked on one sample, and where the cycles of all samples went."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spikecast.accelerator._timeline import UNSEEN, timeline
from spikecast.accelerator.hardware import Hardware
from spikecast.accelerator.latency import Latency
from spikecast.accelerator.summary import layer_report
from spikecast.accelerator.timing import spike_cycles
from spikecast.accelerator.trace import Trace
from spikecast.report.look import BAND, BLUE, GREEN, INK, VERMILION, cycle_axis_title, headline, legend, panels, styled

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

#: Heights in pixels: a layer's bar, an engine's lane, and what lies above, between and below the two parts.
BAR, _LANE, _ABOVE, _BETWEEN, _BELOW = 32, 18, 136, 136, 70


def simulation_figure(
    trace: Trace,
    latency: Latency,
    hardware: Hardware,
    sample: int | None = None,
    sparsity: NDArray[np.float64] | None = None,
) -> Figure:
    """Draw the timeline of one sample, and below it the cycles of every layer over all samples.

    Args:
        trace: spikes that entered every layer.
        latency: what ``time_trace`` made of it on ``hardware``.
        hardware: what it ran on.
        sample: whose timeline to draw; if left out, the one whose cycles are nearest to the mean.
        sparsity: float64[layers], share of neurons and timesteps without a spike, 0..1; written beside the layers.

    Raises:
        InputError: the trace has no such sample.
    """
    chosen = int(np.abs(latency.cycles - latency.cycles.mean()).argmin()) if sample is None else sample
    work = timeline(trace, hardware, chosen)
    report = layer_report(trace, latency, hardware)

    upper = max(_LANE * work["engine"].nunique(), BAR) * len(report)
    lower = BAR * len(report)
    inner = upper + _BETWEEN + lower
    figure = panels(rows=2, row_heights=[upper, lower], vertical_spacing=_BETWEEN / inner)
    styled(figure, *_title(latency, hardware), height=_ABOVE + inner + _BELOW, above=_ABOVE, below=_BELOW)
    figure.update_layout(
        barmode="group",
        bargap=0.2,
        legend=legend(y=1),
        legend2=legend(y=lower / inner),
    )
    why = ", the nearest to the mean" if sample is None and trace.samples > 1 else ""
    headline(figure, f"Timeline of sample {chosen}{why}: {_cycles(latency.cycles[chosen], hardware)}", y=1)
    what = "Cycles at work per layer" if hardware.mode == "pipeline" else "Cycles per layer"
    headline(figure, f"{what}, and share of the inference", y=lower / inner)
    draw_timeline(figure, work, hardware)
    draw_layers(figure, report, layer_cycles(trace, latency, hardware, report), hardware, sparsity)
    for row in (1, 2):
        # The first layer on top; bands keep the rows apart.
        figure.update_yaxes(row=row, range=[len(report) - 0.5, -0.5], showgrid=False, type="category")
        figure.update_yaxes(row=row, categoryorder="array", categoryarray=report["layer"])
        for i in range(0, len(report), 2):
            figure.add_hrect(i - 0.5, i + 0.5, row=row, col=1, fillcolor=BAND, line_width=0, layer="below")
    return figure


def _title(latency: Latency, hardware: Hardware) -> tuple[str, str]:
    cycles, samples = latency.cycles, len(latency.cycles)
    others = {"median": np.median(cycles), "p95": np.percentile(cycles, 95), "max": cycles.max()}
    facts = [f"mean of {samples:,} samples", *(f"{name} {_cycles(value, hardware)}" for name, value in others.items())]
    if samples == 1:
        facts = ["one sample"]
    if latency.generalized:
        facts.append("timing generalised")
    return f"{hardware.name}: {_cycles(cycles.mean(), hardware)} per inference", " · ".join(facts)


def _cycles(cycles: float, hardware: Hardware) -> str:
    return f"{cycles:,.0f} cycles ({hardware.microseconds(cycles):,.1f} µs)"


ENGINE_COLORS = {"compressor": BLUE, "accumulator": VERMILION, "sweep": GREEN, "layer": BLUE}
#: Opacity of a bar whose engine hardly works in it.
_PALEST = 0.2
#: Length of the cycle axis in pixels, roughly: bars with room for it are labeled with their timestep.
_AXIS = 1100
#: How to read the timeline.
_READING = {
    "layerwise": (
        "numbers: timesteps · pale: partly at work · "
        "a layer starts when the one before is done, whose last sweep may still run"
    ),
    "pipeline": "numbers: timesteps · waiting for the next layer included",
}


def draw_timeline(figure: Figure, work: pd.DataFrame, hardware: Hardware) -> None:
    """One trace per engine, so that every engine has its lane in every layer."""
    end = int(work["end_cycle"].max())
    for engine, bars in _bars(work, end).groupby("engine", sort=False):
        numbers = [bars["start"], bars["end"], bars["busy"], bars["busy"] / hardware.clock_mhz]
        figure.add_bar(
            row=1,
            col=1,
            orientation="h",
            name=engine,
            offsetgroup=engine,
            y=bars["layer"],
            base=bars["start"],
            x=bars["length"],
            marker={"color": ENGINE_COLORS[str(engine)], "opacity": bars["opacity"], "line_width": 0},
            text=bars["label"],
            textposition="inside",
            insidetextanchor="middle",
            constraintext="none",
            textangle=0,
            textfont={"color": "white", "size": 11},
            hovertext=bars["timesteps"],
            customdata=np.column_stack(numbers),
            hovertemplate=(
                f"<b>%{{y}}</b> {engine}, timestep %{{hovertext}}"
                "<br>cycle %{customdata[0]:,} to %{customdata[1]:,}"
                "<br>%{customdata[2]:,} cycles of work, %{customdata[3]:,.2f} µs<extra></extra>"
            ),
        )
    title = f"{cycle_axis_title(hardware)}<br>{_READING[hardware.mode]}"
    figure.update_xaxes(row=1, range=[0, 1.01 * end], title_text=title)


def _bars(work: pd.DataFrame, end: int) -> pd.DataFrame:
    """What is drawn: stretches of a layer's engine that begin within one pixel are one bar, so their number is bounded.

    Columns, beside layer and engine: start, end and busy in cycles; length in cycles, as drawn; opacity; timesteps;
    label, the timesteps if there is room for them.
    """
    pixel = max(int(end * UNSEEN), 1)
    bars = (
        work.groupby(["layer", "engine", work["start_cycle"] // pixel], sort=False)
        .agg(
            first=("timestep", "min"),
            last=("timestep", "max"),
            start=("start_cycle", "min"),
            end=("end_cycle", "max"),
            busy=("busy_cycles", "sum"),
        )
        .reset_index(["layer", "engine"])
    )
    # Nothing is drawn narrower than a pixel, or it would be lost; but then it is as pale as the pixel is idle.
    bars["length"] = (bars["end"] - bars["start"]).clip(lower=pixel)
    bars["opacity"] = (_PALEST + (1 - _PALEST) * bars["busy"] / bars["length"]).round(2)
    first, last = bars["first"].astype(str), bars["last"].astype(str)
    bars["timesteps"] = first.where(first == last, first + " to " + last)
    room = bars["length"] * _AXIS / end > 7 * bars["timesteps"].str.len() + 5
    legible = room & (bars["opacity"] > 0.6)
    # Few labels among many bars look random: a lane has most of them or none.
    mostly = legible.groupby([bars["layer"], bars["engine"]]).transform("mean") > 0.5
    bars["label"] = bars["timesteps"].where(legible & mostly, "")
    return bars


#: A layer's bar has the color of the engine that bounds it.
BOUND_COLORS = {"compress": BLUE, "accumulate": VERMILION, "waits": BLUE, "slowest": VERMILION}


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
    """Bars with whiskers and floors; the engine that bounds a layer gives its color."""
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
            marker={"color": BOUND_COLORS[str(bound)], "opacity": 0.55, "line_width": 0},
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
