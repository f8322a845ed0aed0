"""Colours and marks of surrogates, neurons and outcomes: they stay apart for colour-blind readers, and in grey."""

from __future__ import annotations

from dataclasses import dataclass

from spikecast.report.look import BLUE, GREEN, INK, QUIET, VERMILION

#: The rest of Okabe and Ito's colours; yellow is too pale on white, brown stands for it.
_ORANGE, _SKY, _PURPLE, _BROWN = "#e69f00", "#56b4e9", "#cc79a7", "#8c6d1f"
#: What is as it should be stays in the background.
_PALE_BLUE = "#a9cfe8"


@dataclass(frozen=True)
class Mark:
    """Colour, symbol and dash of one kind."""

    colour: str
    symbol: str
    dash: str = "solid"


SURROGATE_MARKS = {
    "fast_sigmoid": Mark(BLUE, "circle"),
    "atan": Mark(VERMILION, "square"),
    "spike_rate_escape": Mark(GREEN, "diamond"),
    "stochastic_spike_operator": Mark(_PURPLE, "cross"),
    "sigmoid": Mark(_ORANGE, "triangle-up"),
    "sparse_fast_sigmoid": Mark(_SKY, "triangle-down"),
    "straight_through_estimator": Mark(INK, "x"),
    "triangular": Mark(_BROWN, "star"),
    "leaky_spike_operator": Mark(QUIET, "pentagon"),
}
NEURON_MARKS = {
    "leaky": Mark(BLUE, "circle"),
    "lapicque": Mark(VERMILION, "square", "dash"),
    "synaptic": Mark(GREEN, "diamond", "dot"),
    "alpha": Mark(_PURPLE, "triangle-up", "dashdot"),
    "rleaky": Mark(_BROWN, "star", "longdash"),
}
STATUS_MARKS = {
    "ok": Mark(_PALE_BLUE, "circle"),
    "silent": Mark(_ORANGE, "triangle-down"),
    "collapsed": Mark(VERMILION, "x"),
    "diverged": Mark(INK, "diamond"),
    "failed": Mark(QUIET, "cross"),
}


def in_words(name: str) -> str:
    """A name as text: no underscores."""
    return name.replace("_", " ")
