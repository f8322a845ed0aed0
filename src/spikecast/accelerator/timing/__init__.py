"""Timing laws: cycles from spike counts alone, equal to simulations of the original hardware."""

from spikecast.accelerator.timing.conv import sparse_conv, sparse_conv_samples
from spikecast.accelerator.timing.fc import sparse_fc, sparse_fc_samples
from spikecast.accelerator.timing.pipeline import fc_pipeline

__all__ = ["fc_pipeline", "sparse_conv", "sparse_conv_samples", "sparse_fc", "sparse_fc_samples"]
