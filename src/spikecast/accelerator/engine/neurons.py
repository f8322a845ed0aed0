"""One timestep of a row of neurons, compiled; the equations are in ``Neuron``.

Each function updates the state arrays of ``len(membrane)`` neurons in place, writes ``fired`` (uint8, 0 or 1), and
clears the row's sums for the next timestep. All arrays have one number per neuron, ``returned``, which is what a
layer's own spikes bring back to it, none where it is not recurrent. The order of operations is that of snnTorch's code,
so that float32 rounds alike.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikecast._util.compiled import compiled
from spikecast.accelerator.engine.plan import Row
from spikecast.accelerator.network import Neuron

SUBTRACT, CLEAR_BEFORE, CLEAR_AFTER, KEEP = range(4)
FIRST_ORDER, SYNAPTIC, ALPHA = range(3)

#: Nearer to the threshold than this, times its size where that is above 1, sums in another order may decide otherwise.
NEAR_THRESHOLD = 1e-6

_ZERO = np.float32(0.0)
_FAMILY = {"leaky": FIRST_ORDER, "lapicque": FIRST_ORDER, "rleaky": FIRST_ORDER, "synaptic": SYNAPTIC, "alpha": ALPHA}


class NeuronCode(NamedTuple):
    """A neuron as the functions below take it: which of them, what a spike does, and float32 constants.

    It fires above ``fires_above``: the threshold, or the number next below it where a membrane at the threshold fires.
    """

    family: int
    reset: int
    gain: np.float32
    leak: np.float32
    threshold: np.float32
    alpha: np.float32
    fires_above: np.float32
    near: np.float32


def neuron_code(neuron: Neuron) -> NeuronCode:
    """Translate a neuron for the compiled functions."""
    if neuron.reset == "zero":
        reset = CLEAR_BEFORE if neuron.model == "leaky" else CLEAR_AFTER
    else:
        reset = SUBTRACT if neuron.reset == "subtract" else KEEP
    threshold = np.float32(neuron.threshold)
    fires_above = np.nextafter(threshold, np.float32(-np.inf)) if neuron.fires_at_threshold else threshold
    near = np.float32(NEAR_THRESHOLD * max(1.0, abs(neuron.threshold)))
    gain, leak, rise = (np.float32(value) for value in (neuron.gain, neuron.leak, neuron.alpha))
    return NeuronCode(_FAMILY[neuron.model], reset, gain, leak, threshold, rise, fires_above, near)


@compiled
def how_many_near(neuron: NeuronCode, membrane: NDArray[np.float32]) -> int:
    """How many membranes lie so near to the threshold that rounding decides."""
    lowest, highest = neuron.threshold - neuron.near, neuron.threshold + neuron.near
    count = np.int32(0)
    for j in range(len(membrane)):
        count += np.int32((membrane[j] >= lowest) & (membrane[j] <= highest))
    return int(count)


@compiled
def first_order(
    neuron: NeuronCode,
    row: Row,
    sums: NDArray[np.float32],
    returned: NDArray[np.float32],
    membrane: NDArray[np.float32],
    fired: NDArray[np.uint8],
) -> None:
    """Leaky, lapicque and, where ``returned`` is not empty, rleaky."""
    gain, leak, threshold = neuron.gain, neuron.leak, neuron.threshold
    subtract, clear_before, clear_after = (
        neuron.reset == SUBTRACT,
        neuron.reset == CLEAR_BEFORE,
        neuron.reset == CLEAR_AFTER,
    )
    scale, bias, returning_bias = row.scale, row.bias, row.returning_bias
    recurrent = len(returned) > 0
    fires_above = neuron.fires_above
    for j in range(len(membrane)):
        before = membrane[j]
        spiked = before > fires_above
        current = np.float32(sums[j]) * scale[j] + bias[j]
        kept = _ZERO if spiked and clear_before else before
        after = leak * kept + gain * current
        if recurrent:
            after += returned[j] + returning_bias[j]
            returned[j] = _ZERO
        if spiked:
            after = after - threshold if subtract else (_ZERO if clear_after else after)
        membrane[j] = after
        fired[j] = after > fires_above
        sums[j] = 0


@compiled
def synaptic(
    neuron: NeuronCode,
    row: Row,
    sums: NDArray[np.float32],
    synapse: NDArray[np.float32],
    membrane: NDArray[np.float32],
    fired: NDArray[np.uint8],
) -> None:
    """Synaptic."""
    leak, threshold, decay = neuron.leak, neuron.threshold, neuron.alpha
    subtract, clear_after = neuron.reset == SUBTRACT, neuron.reset == CLEAR_AFTER
    scale, bias = row.scale, row.bias
    fires_above = neuron.fires_above
    for j in range(len(membrane)):
        before = membrane[j]
        current = np.float32(sums[j]) * scale[j] + bias[j]
        synapse[j] = decay * synapse[j] + current
        after = leak * before + synapse[j]
        if before > fires_above:
            after = after - threshold if subtract else (_ZERO if clear_after else after)
        membrane[j] = after
        fired[j] = after > fires_above
        sums[j] = 0


@compiled
def alpha(
    neuron: NeuronCode,
    row: Row,
    sums: NDArray[np.float32],
    excitatory: NDArray[np.float32],
    inhibitory: NDArray[np.float32],
    membrane: NDArray[np.float32],
    fired: NDArray[np.uint8],
) -> None:
    """Alpha."""
    tau, leak, threshold, decay = neuron.gain, neuron.leak, neuron.threshold, neuron.alpha
    subtract, clear_after = neuron.reset == SUBTRACT, neuron.reset == CLEAR_AFTER
    scale, bias = row.scale, row.bias
    fires_above = neuron.fires_above
    for j in range(len(membrane)):
        spiked = membrane[j] > fires_above
        current = np.float32(sums[j]) * scale[j] + bias[j]
        inhibited = inhibitory[j]
        exciting = decay * excitatory[j] + current
        inhibiting = leak * inhibited - current
        after = tau * (exciting + inhibiting)
        if spiked and subtract:
            exciting = exciting - threshold
            inhibiting = _ZERO
            after = after + inhibited
        if spiked and clear_after:
            exciting = inhibiting = after = _ZERO
        excitatory[j], inhibitory[j], membrane[j] = exciting, inhibiting, after
        fired[j] = after > fires_above
        sums[j] = 0
