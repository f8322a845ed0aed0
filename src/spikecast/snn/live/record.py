"""What a live module runs: its innermost modules in order, and whether they are one straight chain.

They are recorded while random spikes go through a copy of the module. The spikes of neurons are replaced by random ones
on their way out, so that a silent layer hides nothing: whatever stands between two modules shows, since it changes
values. A chain is the same at every timestep, and its neurons keep their state.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import snntorch
import torch
from torch import nn

from spikecast.errors import InputError, one_line
from spikecast.snn.live.modules import Call, FunctionalPools, is_neuron, label, leaves, same_values

SAMPLES = 2
#: What a forward calls the number of timesteps, where it takes it beside its spikes.
_NUMBER_OF_TIMESTEPS = {
    *("num_steps", "n_steps", "nb_steps", "steps", "time_steps", "timesteps", "num_timesteps", "n_timesteps", "T"),
}


@dataclass(frozen=True)
class Recording:
    """What a module ran.

    Attributes:
        calls: of every timestep, in order.
        spikes: [timesteps, samples, ...], what entered.
        time_first: whether the module takes sequences [timesteps, samples, ...].
    """

    calls: list[list[Call]]
    spikes: torch.Tensor
    time_first: bool = False


def recorded_chain(module: nn.Module, frame_shape: tuple[int, ...], timesteps: int, samples: int) -> Recording:
    """The calls of every timestep, in order, each fed by the one before it.

    The module may take one timestep [samples, ...] a call, or a whole sequence, [timesteps, samples, ...], [samples,
    timesteps, ...] or [samples, ..., timesteps], over which it loops, as a whole or layer by layer.

    Args:
        module: a frozen copy; it is left as it is.
        frame_shape: one sample's frame at one timestep.
        timesteps: of a sequence; a module may loop over a number of its own, which must be this.
        samples: of a batch; tried where the module does not run with two, as it may have the number written in.

    Raises:
        InputError: the module does not run, or is not one straight chain that starts from zero state.
    """
    # What the module's own code draws or warns of here is none of the caller's business.
    with torch.no_grad(), torch.random.fork_rng(devices=[]), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            recording = _recording(module, frame_shape, timesteps, SAMPLES)
        except _DoesNotRunError:
            if samples == SAMPLES:
                raise
            recording = _recording(module, frame_shape, timesteps, samples)
    check_chain(recording.calls, recording.spikes)
    return recording


class _DoesNotRunError(InputError):
    """The module takes spikes in none of the known orders."""


def _random_spikes(shape: Sequence[int], random: torch.Generator) -> torch.Tensor:
    return (torch.rand(*shape, generator=random) < 0.5).float()


def _recording(module: nn.Module, frame_shape: tuple[int, ...], timesteps: int, samples: int) -> Recording:
    """Run the module in whichever way it takes its spikes."""
    random = torch.Generator().manual_seed(0)
    spikes = _random_spikes((timesteps, samples, *frame_shape), random)
    failures, changed = [], None
    for order, sequence in _sequences(spikes).items():
        try:
            (calls,) = _run(module, [sequence], random, _number_of_timesteps(module, timesteps))
        except Exception as error:
            failures.append(f"[{order}] ({one_line(error)})")
            continue
        # Of one timestep, a sequence may pass for a batch: a module that takes timesteps sees all its axes.
        if not calls or calls[0].inputs.dim() >= spikes.dim() or len(calls[0].inputs) != samples:
            failures.append(f"[{order}] (it does not loop over them)")
        elif calls[0].inputs.numel() == spikes[0].numel():
            found = Recording(_by_timestep(calls, timesteps), spikes, time_first=sequence is spikes)
            if same_values(calls[0].inputs, spikes[0]):
                return found
            # It may have taken one axis for the other, where both are as long: then another order fits.
            changed = changed or found
    if changed:
        return changed
    try:
        return Recording(_run(module, list(spikes), random), spikes)
    except InputError:
        raise
    except Exception as error:
        raise _DoesNotRunError(
            f"{type(module).__name__} runs with {samples} samples neither with one timestep's spikes "
            f"[{_axes('samples', spikes)}] ({one_line(error)}) nor with a sequence {', '.join(failures)}: give its "
            f"neurons init_hidden=True, or let its forward loop over as many timesteps as it gets, here {timesteps}"
        ) from error


def _sequences(spikes: torch.Tensor) -> dict[str, torch.Tensor]:
    """Spikes in every order of axes that a forward may take, by its description."""
    return {
        _axes("timesteps, samples", spikes): spikes,
        _axes("samples, timesteps", spikes): spikes.transpose(0, 1),
        f"{_axes('samples', spikes)}, timesteps": spikes.movedim(0, -1),
    }


def _axes(first: str, spikes: torch.Tensor) -> str:
    return ", ".join([first, *map(str, spikes.shape[2:])])


def _number_of_timesteps(module: nn.Module, timesteps: int) -> dict[str, int]:
    """The number of timesteps under the name that the module's forward has for it, if it takes it."""
    arguments = list(inspect.signature(module.forward).parameters)[1:]
    return {name: timesteps for name in arguments if name in _NUMBER_OF_TIMESTEPS}


def _by_timestep(calls: list[Call], timesteps: int) -> list[list[Call]]:
    """Sort a sequence's calls by timestep, whether all layers ran in each timestep or each layer in all of them."""
    names = [call.name for call in calls]
    each = len(calls) // timesteps
    found: list[list[Call]] = [[] for _ in range(timesteps)]
    start = 0
    while start < len(calls):
        lengths = range(1, (len(calls) - start) // timesteps + 1)
        repeated = [n for n in lengths if names[start : start + n] * timesteps == names[start : start + n * timesteps]]
        if not repeated:
            parts = [calls[t * each : (t + 1) * each] for t in range(timesteps - 1)]
            return [*parts, calls[(timesteps - 1) * each :]]
        # The whole, where it is the same in every timestep, else the first layer that is.
        length = each if start == 0 and repeated[-1] * timesteps == len(calls) else repeated[0]
        for t in range(timesteps):
            found[t] += calls[start + t * length : start + (t + 1) * length]
        start += length * timesteps
    return found


def _run(
    module: nn.Module, batches: list[torch.Tensor], random: torch.Generator, arguments: Mapping[str, int] | None = None
) -> list[list[Call]]:
    """Run a copy of the module on every batch, with further arguments; the calls that each batch made."""
    copied = deepcopy(module)
    parts = list(leaves(copied))
    calls: list[Call] = []
    running: list[str] = []
    for name, part in parts:
        _record(name, part, calls, running, random)
    neurons: list[Any] = [part for _, part in parts if is_neuron(part)]
    for neuron in neurons:
        neuron.reset_mem()
    made = []
    with _alone(neurons), FunctionalPools(calls, running):
        for batch in batches:
            calls.clear()
            copied(batch.clone(), **(arguments or {}))
            made.append(list(calls))
    return made


@cache
def _signature(forward: Callable[..., Any]) -> inspect.Signature:
    return inspect.signature(forward)


def _record(name: str, module: nn.Module, calls: list[Call], running: list[str], random: torch.Generator) -> None:
    """Note every run of ``module`` in ``calls``, and in ``running`` while it runs."""
    signature = _signature(type(module).forward) if is_neuron(module) else None
    states = list(signature.parameters)[2:] if signature else []
    entered: list[tuple[torch.Tensor, dict[str, torch.Tensor]] | None] = []

    def note_inputs(part: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        running.append(name)
        if not args and not kwargs:
            # It gives a constant: where that changes what goes on, the chain has a gap.
            entered.append(None)
            return
        inputs = (*args, *kwargs.values())[0]
        if not isinstance(inputs, torch.Tensor):
            raise InputError(
                f"{label(part, name)} gets a {type(inputs).__name__}, not a tensor: give the neurons in front of it "
                "init_hidden=True, or pass on the first of what they return"
            )
        given = signature.bind(part, *args, **kwargs).arguments if signature else {}
        kept = {state: getattr(part, state) if given.get(state) is None else given[state] for state in states}
        entered.append((inputs.clone(), {state: value.clone() for state, value in kept.items()}))

    def note_call(part: Any, _: tuple[Any, ...], output: Any) -> Any:
        running.pop()
        noted = entered.pop()
        if noted is None:
            return output
        several = isinstance(output, tuple)
        first = output[0] if several else output
        if is_neuron(part):
            first = _random_spikes(first.shape, random)
            output = (first, *output[1:]) if several else first
        if "spk" in states:
            part.spk = first
        after = {state: getattr(part, state).clone() for state in states}
        inputs, before = noted
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
