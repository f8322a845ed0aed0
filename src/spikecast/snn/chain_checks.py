"""Whether recorded calls are one straight chain, the same at every timestep, whose neurons keep their state."""

from __future__ import annotations

from itertools import pairwise

import torch

from spikecast.errors import InputError
from spikecast.snn.call import Call, same_values
from spikecast.snn.module_names import is_neuron


def check_chain(timesteps: list[list[Call]], spikes: torch.Tensor) -> None:
    """Refuse what the accelerator, which runs one layer behind the other, would compute otherwise.

    Args:
        timesteps: the calls of every timestep, in order.
        spikes: [timesteps, samples, ...], what entered.

    Raises:
        InputError: the first call that is no link of such a chain, and why.
    """
    _check_same_modules(timesteps)
    _check_links(timesteps, spikes)
    _check_states(timesteps)


def _check_same_modules(timesteps: list[list[Call]]) -> None:
    for t, calls in enumerate(timesteps):
        for call in calls:
            runs = sum(other.name == call.name for other in calls)
            if runs > 1 and is_neuron(call.module):
                raise InputError(
                    f"{call.label} runs {runs} times in one timestep: use neurons of their own for every layer, and "
                    "give the network one frame a timestep"
                )
        if [call.name for call in calls] != [call.name for call in timesteps[0]]:
            here, first = (", ".join(call.name for call in which) for which in (calls, timesteps[0]))
            raise InputError(
                f"timestep {t + 1} does not run the same modules as timestep 1 ({here}; {first}): the accelerator "
                "runs the same layers in the same order at every timestep"
            )


def _check_links(timesteps: list[list[Call]], spikes: torch.Tensor) -> None:
    for calls, frames in zip(timesteps, spikes, strict=True):
        source, values = "the input spikes", frames
        for call in calls:
            if not same_values(values, call.inputs):
                resized = values.numel() != call.inputs.numel()
                became = f" ({_frame(values)} becomes {_frame(call.inputs)})" if resized else ""
                raise InputError(
                    f"between {source} and {call.label} the values change by something that is not a module{became}: "
                    "use modules, such as nn.MaxPool2d for F.max_pool2d, in one straight chain without branches"
                )
            source, values = call.label, call.output


def _check_states(timesteps: list[list[Call]]) -> None:
    for call in timesteps[0]:
        for state, value in call.before.items():
            if bool(value.any()):
                raise InputError(
                    f"{call.label} starts from {state} other than zero: the accelerator's neurons start from zero"
                )
    for earlier, later in pairwise(timesteps):
        for last, call in zip(earlier, later, strict=True):
            for state, value in call.before.items():
                if not torch.equal(value, last.after[state]):
                    raise InputError(
                        f"{call.label} gets another {state} than it left one timestep before: the accelerator's "
                        "neurons keep their state through a sample, so pass it on as it is, or leave it to the neuron"
                    )


def _frame(values: torch.Tensor) -> str:
    return str(list(values.shape[1:]))
