"""When each engine of each layer worked on one sample, as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spikecast.accelerator.hardware import Hardware
from spikecast.accelerator.timeline import UNSEEN
from spikecast.report.look import BLUE, GREEN, VERMILION, cycle_axis_title

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

ENGINE_COLOURS = {"compressor": BLUE, "accumulator": VERMILION, "sweep": GREEN, "layer": BLUE}
#: Opacity of a bar whose engine hardly works in it.
_PALEST = 0.2
#: Length of the cycle axis in pixels, roughly: bars with room for it are labelled with their timestep.
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
        told = [bars["start"], bars["end"], bars["busy"], bars["busy"] / hardware.clock_mhz]
        figure.add_bar(
            row=1,
            col=1,
            orientation="h",
            name=engine,
            offsetgroup=engine,
            y=bars["layer"],
            base=bars["start"],
            x=bars["length"],
            marker={"color": ENGINE_COLOURS[str(engine)], "opacity": bars["opacity"], "line_width": 0},
            text=bars["label"],
            textposition="inside",
            insidetextanchor="middle",
            constraintext="none",
            textangle=0,
            textfont={"color": "white", "size": 11},
            hovertext=bars["timesteps"],
            customdata=np.column_stack(told),
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
