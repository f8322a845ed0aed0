"""Synapses and pools of whole layers, forwards and backwards, as products of matrices.

Spikes and currents are [channels, frames, height, width], a frame being one timestep of one recording; weights are as
torch holds them, [out_channels, in_channels, kernel, kernel] or [neurons, inputs]. Convolutions go through blocks of
frames, so that what they unfold stays small.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikecast._util.arrays import Floats, Spikes

#: Numbers that a block of unfolded frames may hold.
_BLOCK = 2**19


def currents(weights: Floats, spikes: Spikes | Floats) -> Floats:
    """What spikes, or numbers of any size, bring through synapses, without the bias."""
    if weights.ndim == 2:
        dense: Floats = (weights @ _flat(spikes))[..., np.newaxis, np.newaxis]
        return dense
    out = np.zeros((len(weights), *spikes.shape[1:]), np.float32)
    heard = _heard(spikes)
    flat = weights[:, heard].reshape(len(weights), -1)
    for block in _blocks(flat, spikes):
        out[:, block] = (flat @ _unfolded(spikes[heard, block], weights.shape[2])).reshape(out[:, block].shape)
    return out


def weight_gradient(weights: Floats, spikes: Spikes, arriving: Floats) -> Floats:
    """Gradient of the weights, of their shape, from that of the currents, ``arriving``."""
    if weights.ndim == 2:
        dense: Floats = arriving[..., 0, 0] @ _flat(spikes).T
        return dense
    gradient, heard = np.zeros_like(weights), _heard(spikes)
    total = np.zeros((len(weights), weights[:1, heard].size), np.float32)
    for block in _blocks(total, spikes):
        given = arriving[:, block].reshape(len(weights), -1)
        total += given @ _unfolded(spikes[heard, block], weights.shape[2]).T
    gradient[:, heard] = total.reshape(gradient[:, heard].shape)
    return gradient


def spike_gradient(weights: Floats, arriving: Floats, spikes: Spikes) -> Floats:
    """Gradient of ``spikes``, of their shape, from that of the currents, ``arriving``."""
    channels, frames, height, width = spikes.shape
    if weights.ndim == 2:
        dense = weights.T @ arriving[..., 0, 0]
        return np.ascontiguousarray(dense.reshape(channels, height, width, frames).transpose(0, 3, 1, 2))
    # Backwards a convolution is one, too: with the kernel turned round, from output to input channels.
    turned = weights[:, :, ::-1, ::-1].transpose(1, 0, 2, 3)
    return currents(np.ascontiguousarray(turned), arriving)


def pooled(spikes: Spikes, width: int) -> Spikes:
    """Max-pool of windows of ``width``; rows and columns that fill no window are left out."""
    if width == 1:
        return spikes
    rows, columns = (side // width for side in spikes.shape[2:])
    out = np.zeros((*spikes.shape[:2], rows, columns), np.bool_)
    for window in _windows(width, rows, columns):
        out |= spikes[window]
    return out


def unpooled(arriving: Floats, spikes: Spikes, width: int) -> Floats:
    """Gradient of ``spikes`` in front of the pool from that behind it: all goes to the first maximum of a window."""
    if width == 1:
        return arriving
    rows, columns = (side // width for side in spikes.shape[2:])
    out = np.zeros(spikes.shape, np.float32)
    left = np.ones(arriving.shape, np.bool_)
    windows = list(_windows(width, rows, columns))
    for window in windows:
        chosen = left & spikes[window]
        np.copyto(out[window], arriving, where=chosen)
        left &= ~chosen
    out[windows[0]] += arriving * left
    return out


def _windows(width: int, rows: int, columns: int) -> Iterator[tuple[Any, ...]]:
    """Slices of every window's first pixel, its second, ..., row by row."""
    for row in range(width):
        for column in range(width):
            yield ..., slice(row, rows * width, width), slice(column, columns * width, width)


def _flat(spikes: Spikes | Floats) -> Floats:
    """float32[inputs, frames]: inputs run over channels, then rows, then columns."""
    return spikes.transpose(0, 2, 3, 1).reshape(-1, spikes.shape[1]).astype(np.float32)


def _heard(values: NDArray[Any]) -> NDArray[np.bool_]:
    """bool[channels]: those with anything in them; in untrained networks many channels never fire."""
    return np.asarray(values.reshape(len(values), -1).any(axis=1))


def _blocks(flat: Floats, spikes: NDArray[Any]) -> Iterator[slice]:
    """Frames of ``spikes``, as many at a time as may be unfolded for weights [out_channels, fan_in]; none for none."""
    if not flat.size:
        return
    frames = max(1, _BLOCK // (flat.shape[1] * spikes[0, 0].size))
    for start in range(0, spikes.shape[1], frames):
        yield slice(start, start + frames)


def _unfolded(values: NDArray[Any], kernel: int) -> Floats:
    """float32[in_channels kernel kernel, frames height width]: what every neuron sees through each tap."""
    channels, frames, height, width = values.shape
    margin = kernel // 2
    padded = np.zeros((channels, frames, height + 2 * margin, width + 2 * margin), np.float32)
    padded[..., margin : margin + height, margin : margin + width] = values
    seen = np.empty((channels, kernel, kernel, frames, height, width), np.float32)
    for row in range(kernel):
        for column in range(kernel):
            seen[:, row, column] = padded[..., row : row + height, column : column + width]
    return seen.reshape(channels * kernel * kernel, -1)
