"""What a live module runs: its innermost modules in order, recorded while random spikes go through a copy of it.

The spikes of neurons are replaced by random ones on their way out, so that a silent layer hides nothing: whatever
stands between two modules shows, since it changes values.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from textwrap import shorten
from typing import Any

import snntorch
import torch
from torch import nn
from torch.nn.utils import parametrize

from spikecast.errors import InputError
from spikecast.snn.quantise import FakeQuantise

SAMPLES = 2


@dataclass(frozen=True)
class Call:
    """One run of one innermost module.

    Attributes:
        name: dotted name in the network.
        module: a copy of the network's.
        inputs: [samples, ...].
        output: [samples, ...], the first if there are several.
        before: a neuron's state as it entered the run, whether passed or kept from the last one.
        after: its state as the run left it.
    """

    name: str
    module: nn.Module
    inputs: torch.Tensor
    output: torch.Tensor
    before: dict[str, torch.Tensor]
    after: dict[str, torch.Tensor]

    @property
    def label(self) -> str:
        """Type and dotted name, for errors."""
        return label(self.module, self.name)


def label(module: nn.Module, name: str) -> str:
    """A module as errors name it."""
    return f"{plain_type(module).__name__} {name}".strip()


def plain_type(module: nn.Module) -> type[nn.Module]:
    """The type that a module had before a parametrization changed it."""
    return type(module).__bases__[0] if parametrize.is_parametrized(module) else type(module)


def is_neuron(module: nn.Module) -> bool:
    """Whether it is one of snnTorch's neurons, or made from one."""
    return isinstance(module, snntorch.SpikingNeuron) or type(module).__module__.startswith("snntorch._neurons")


def leaves(module: nn.Module, name: str = "") -> Iterator[tuple[str, nn.Module]]:
    """The innermost modules with their dotted names; what a neuron or a parametrized module is made of is its own."""
    children = list(module.named_children())
    if not children or is_neuron(module) or parametrize.is_parametrized(module):
        yield name, module
        return
    for child_name, child in children:
        yield from leaves(child, f"{name}.{child_name}".lstrip("."))


def frozen_copy(module: nn.Module) -> nn.Module:
    """A float32 copy on the processor, in evaluation; a parametrization that is not ours becomes plain weights.

    Raises:
        InputError: the module has no weights yet, or cannot be copied.
    """
    if any(nn.parameter.is_lazy(parameter) for parameter in module.parameters()):
        raise InputError(f"{type(module).__name__} has lazy modules without weights: run it once first")
    # Tensors that a training step computed, such as a hidden membrane, cannot be deep-copied: copy them beforehand.
    kept = (value for part in module.modules() for value in (*vars(part).values(), *part.buffers(recurse=False)))
    computed = [value for value in kept if isinstance(value, torch.Tensor) and not value.is_leaf]
    try:
        copied = deepcopy(module, {id(value): value.detach().clone() for value in computed})
    except Exception as error:
        raise InputError(
            f"{type(module).__name__} cannot be copied to be read ({_short(error)}): detach the tensors that it keeps"
        ) from error
    copied = copied.cpu().float().eval()
    for part in filter(parametrize.is_parametrized, list(copied.modules())):
        if not _quantised(part):
            _make_plain(part)
    return copied


def _quantised(module: Any) -> bool:
    """Whether its weight is ours to leave as integers."""
    if not parametrize.is_parametrized(module, "weight"):
        return False
    return [type(step) for step in module.parametrizations["weight"]] == [FakeQuantise]


def _make_plain(module: Any) -> None:
    """Put what the parametrizations compute in their place; torch's own way out changes the original's class too."""
    computed = {name: getattr(module, name).detach().clone() for name in module.parametrizations}
    module.__class__ = plain_type(module)
    del module.parametrizations
    for name, values in computed.items():
        module.register_parameter(name, nn.Parameter(values))


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
    _check_same_modules(calls)
    _check_links(calls, spikes)
    _check_states(calls)
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
            sequence_failure = _short(error) if sequence is spikes else sequence_failure
            continue
        if calls and calls[0].inputs.shape[:1] == (SAMPLES,) and calls[0].inputs.numel() == spikes[0].numel():
            each = len(calls) // timesteps
            return [*(calls[t * each : (t + 1) * each] for t in range(timesteps - 1)), calls[(timesteps - 1) * each :]]
    try:
        return _run(module, list(spikes), random)
    except InputError:
        raise
    except Exception as error:
        frame = ", ".join(map(str, spikes.shape[2:]))
        raise InputError(
            f"{type(module).__name__} runs neither with one timestep's spikes [samples, {frame}] ({_short(error)}) nor "
            f"with a sequence [timesteps, samples, {frame}] ({sequence_failure}): give its neurons init_hidden=True, "
            "or let its forward loop over as many timesteps as it gets"
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


def same_values(one: torch.Tensor, other: torch.Tensor) -> bool:
    """Whether samples hold the same values in the same order, in frames of any shape."""
    flat = (values.reshape(*values.shape[:1], -1) for values in (one, other))
    return one.shape[:1] == other.shape[:1] and torch.equal(*flat)


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


def _short(error: Exception) -> str:
    """An exception on one line, cut."""
    return shorten(f"{type(error).__name__}: {error}", 120, placeholder="...")
