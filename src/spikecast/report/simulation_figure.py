"""One picture of a simulation: when the engines worked, and where the cycles went."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spikecast.accelerator.hardware import Hardware
from spikecast.accelerator.latency import Latency
from spikecast.accelerator.report import layer_report
from spikecast.accelerator.timeline import timeline
from spikecast.accelerator.trace import Trace
from spikecast.report.layer_bars import BAR, draw_layers, layer_cycles
from spikecast.report.look import BAND, headline, legend, styled
from spikecast.report.timeline_bars import draw_timeline

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

#: Heights in pixels: an engine's lane, and what lies above, between and below the two parts.
_LANE, _ABOVE, _BETWEEN, _BELOW = 18, 136, 136, 70


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
    from plotly.subplots import make_subplots

    chosen = int(np.abs(latency.cycles - latency.cycles.mean()).argmin()) if sample is None else sample
    work = timeline(trace, hardware, chosen)
    report = layer_report(trace, latency, hardware)

    upper = max(_LANE * work["engine"].nunique(), BAR) * len(report)
    lower = BAR * len(report)
    inner = upper + _BETWEEN + lower
    figure = make_subplots(rows=2, row_heights=[upper, lower], vertical_spacing=_BETWEEN / inner)
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
    told = [f"mean of {samples:,} samples", *(f"{name} {_cycles(value, hardware)}" for name, value in others.items())]
    if samples == 1:
        told = ["one sample"]
    if latency.generalised:
        told.append("timing generalised")
    return f"{hardware.name}: {_cycles(cycles.mean(), hardware)} per inference", " · ".join(told)


def _cycles(cycles: float, hardware: Hardware) -> str:
    return f"{cycles:,.0f} cycles ({hardware.microseconds(cycles):,.1f} µs)"
