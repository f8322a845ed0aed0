"""Timing laws: cycles from spike counts alone, equal to simulations of the original hardware."""

from spikecast.accelerator.timing.conv import (
    CONV_EVENTS,
    sparse_conv,
    sparse_conv_busy,
    sparse_conv_events,
    sparse_conv_samples,
)
from spikecast.accelerator.timing.fc import sparse_fc, sparse_fc_parts, sparse_fc_samples
from spikecast.accelerator.timing.pipeline import EXACT_DEPTH, fc_pipeline, fc_pipeline_samples, spike_cycles

__all__ = [
    "CONV_EVENTS",
    "EXACT_DEPTH",
    "fc_pipeline",
    "fc_pipeline_samples",
    "sparse_conv",
    "sparse_conv_busy",
    "sparse_conv_events",
    "sparse_conv_samples",
    "sparse_fc",
    "sparse_fc_parts",
    "sparse_fc_samples",
    "spike_cycles",
]
