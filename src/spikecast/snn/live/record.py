"""What a live module runs: its innermost modules in order, and whether they are one straight chain.

They are recorded while random spikes go through a copy of the module. The spikes of neurons are replaced by random ones
on their way out, so that a silent layer hides nothing: whatever stands between two modules shows, since it changes
values. A chain is the same at every timestep, and its neurons keep their state.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from itertools import pairwise
from typing import Any

import snntorch
import torch
from torch import nn

from spikecast.errors import InputError, one_line
from spikecast.snn.live.modules import Call, is_neuron, label, leaves, same_values

SAMPLES = 2


def recorded_chain(module: nn.Module, frame_shape: tuple[int, ...], timesteps: int) -> list[Call]:
    """The calls of one timestep, in order, each fed by the one before it.

    The module may take one timestep [samples, ...] a call, or a whole sequence, [timesteps, samples, ...] or
    [samples, timesteps, ...], over which it loops.

    Args:
        module: a frozen copy; it is left as it is.
        frame_shape: one sample's frame at one timestep.
        timesteps: of a sequence; a module may loop over a number of its own, which must be this.

    Raises:
        InputError: the module does not run, or is not one straight chain that starts from zero state.
    """
    random = torch.Generator().manual_seed(0)
    spikes = _random_spikes((timesteps, SAMPLES, *frame_shape), random)
    # What the module's own code draws or warns of here is none of the caller's business.
    with torch.no_grad(), torch.random.fork_rng(devices=[]), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        calls = _calls(module, spikes, random)
    check_chain(calls, spikes)
    return calls[0]


def _random_spikes(shape: Sequence[int], random: torch.Generator) -> torch.Tensor:
    return (torch.rand(*shape, generator=random) < 0.5).float()


def _calls(module: nn.Module, spikes: torch.Tensor, random: torch.Generator) -> list[list[Call]]:
    """The calls of every timestep, whichever way the module takes its spikes."""
    timesteps = len(spikes)
    sequence_failure = "it does not loop over them"
    for sequence in (spikes, spikes.transpose(0, 1)):
        try:
            (calls,) = _run(module, [sequence], random)
        except Exception as error:
            sequence_failure = one_line(error) if sequence is spikes else sequence_failure
            continue
        # Of one timestep, a sequence may pass for a batch: a module that takes timesteps sees all its axes.
        one_step = bool(calls) and calls[0].inputs.dim() < spikes.dim() and len(calls[0].inputs) == SAMPLES
        if one_step and calls[0].inputs.numel() == spikes[0].numel():
            each = len(calls) // timesteps
            return [*(calls[t * each : (t + 1) * each] for t in range(timesteps - 1)), calls[(timesteps - 1) * each :]]
    try:
        return _run(module, list(spikes), random)
    except InputError:
        raise
    except Exception as error:
        frame = ", ".join(map(str, spikes.shape[2:]))
        raise InputError(
            f"{type(module).__name__} runs neither with one timestep's spikes [samples, {frame}] ({one_line(error)}) "
            f"nor with a sequence [timesteps, samples, {frame}] ({sequence_failure}): give its neurons "
            "init_hidden=True, or let its forward loop over as many timesteps as it gets"
        ) from error


def _run(module: nn.Module, batches: list[torch.Tensor], random: torch.Generator) -> list[list[Call]]:
    """Run a copy of the module on every batch; the calls that each batch made."""
    copied = deepcopy(module)
    parts = list(leaves(copied))
    calls: list[Call] = []
    for name, part in parts:
        _record(name, part, calls, random)
    neurons: list[Any] = [part for _, part in parts if is_neuron(part)]
    for neuron in neurons:
        neuron.reset_mem()
    made = []
    with _alone(neurons):
        for batch in batches:
            calls.clear()
            copied(batch.clone())
            made.append(list(calls))
    return made


def _record(name: str, module: nn.Module, calls: list[Call], random: torch.Generator) -> None:
    """Note every run of ``module`` in ``calls``."""
    signature = inspect.signature(module.forward)
    states = list(signature.parameters)[1:] if is_neuron(module) else []
    entered: list[tuple[torch.Tensor, dict[str, torch.Tensor]]] = []

    def note_inputs(part: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        inputs = (*args, *kwargs.values())[0]
        if not isinstance(inputs, torch.Tensor):
            raise InputError(
                f"{label(part, name)} gets a {type(inputs).__name__}, not a tensor: give the neurons in front of it "
                "init_hidden=True, or pass on the first of what they return"
            )
        given = signature.bind(*args, **kwargs).arguments if states else {}
        kept = {state: getattr(part, state) if given.get(state) is None else given[state] for state in states}
        entered.append((inputs.clone(), {state: value.clone() for state, value in kept.items()}))

    def note_call(part: Any, _: tuple[Any, ...], output: Any) -> Any:
        several = isinstance(output, tuple)
        first = output[0] if several else output
        if is_neuron(part):
            first = _random_spikes(first.shape, random)
            output = (first, *output[1:]) if several else first
        if "spk" in states:
            part.spk = first
        after = {state: getattr(part, state).clone() for state in states}
        inputs, before = entered.pop()
        calls.append(Call(name, part, inputs, first.clone(), before, after))
        return output

    module.register_forward_pre_hook(note_inputs, with_kwargs=True)
    module.register_forward_hook(note_call)


@contextmanager
def _alone(neurons: list[Any]) -> Iterator[None]:
    """Let ``snntorch.utils.reset``, which a module's own code may call, reach no neurons but the copy's."""
    everyone = snntorch.SpikingNeuron.instances
    snntorch.SpikingNeuron.instances = neurons
    try:
        yield
    finally:
        snntorch.SpikingNeuron.instances = everyone


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
