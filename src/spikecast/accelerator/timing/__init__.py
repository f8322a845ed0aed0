"""Timing laws: cycles from spike counts alone, equal to simulations of the original hardware."""

from typing import TYPE_CHECKING

from spikecast.lazy import lazy_names

if TYPE_CHECKING:
    from spikecast.accelerator.timing.conv import (
        CONV_EVENTS,
        sparse_conv,
        sparse_conv_busy,
        sparse_conv_events,
        sparse_conv_samples,
    )
    from spikecast.accelerator.timing.fc import sparse_fc, sparse_fc_parts, sparse_fc_samples
    from spikecast.accelerator.timing.pipeline import EXACT_DEPTH, fc_pipeline, fc_pipeline_samples, spike_cycles

_MODULES = {
    "conv": ("CONV_EVENTS", "sparse_conv", "sparse_conv_busy", "sparse_conv_events", "sparse_conv_samples"),
    "fc": ("sparse_fc", "sparse_fc_parts", "sparse_fc_samples"),
    "pipeline": ("EXACT_DEPTH", "fc_pipeline", "fc_pipeline_samples", "spike_cycles"),
}
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

__getattr__ = lazy_names(
    __name__,
    {name: f"{__name__}.{module}" for module, names in _MODULES.items() for name in names},
    _MODULES.keys(),
)
