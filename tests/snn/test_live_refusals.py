"""What of a live module the accelerator cannot represent, and how that reads."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pytest
import snntorch
import torch
from torch import nn
from torch.nn import functional

from spikecast.errors import InputError
from spikecast.snn.live.convert import network_of

from .live_networks import leaky, small_net
from .refused_networks import (
    AlwaysDrops,
    Branches,
    Encodes,
    KeepsAnswers,
    KeepsItsState,
    ModifiedLeaky,
    MyLinear,
    ReadsOutAtTheEnd,
    RepeatsOneFrame,
    TwoStates,
    WithStates,
    Written,
    conv,
    conv_of,
    diverged,
    hooked,
    inhibited,
    keep,
    of_bits,
    other_reset,
    own_weights,
    pool_of,
    pruned,
    quantized_but_its_recurrence,
    recurrent_of,
    shared_neurons,
    soft,
)

FRACTIONS = "turns spikes into fractions, and the accelerator's are 0 or 1: use MaxPool2d behind the neurons"
CURRENTS = (
    "pools currents, in front of the neurons, and the accelerator pools spikes: move it behind the neurons and train it"
)
REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "no module": (lambda: [1], "a list cannot be read as a network: allowed: a spikecast.accelerator.Network, or"),
    # Modules that have no place in the accelerator.
    "average pool": (lambda: conv(leaky(), nn.AvgPool2d(2), inputs=27), f"AvgPool2d 2 {FRACTIONS}"),
    "average pool of currents": (
        lambda: conv(nn.AvgPool2d(2), leaky(), inputs=27),
        "AvgPool2d 1 averages currents, in front of the neurons, and the accelerator pools spikes: put MaxPool2d",
    ),
    "adaptive pool": (lambda: conv(leaky(), nn.AdaptiveAvgPool2d(3), inputs=27), f"AdaptiveAvgPool2d 2 {FRACTIONS}"),
    "power pool": (lambda: conv(leaky(), nn.LPPool2d(2, 2), inputs=27), f"LPPool2d 2 {FRACTIONS}"),
    "other pool": (
        lambda: conv(leaky(), nn.AdaptiveMaxPool2d(3), inputs=27),
        "AdaptiveMaxPool2d 2 is a pool that the accelerator does not have",
    ),
    "max-pool of currents": (lambda: conv(nn.MaxPool2d(2), leaky(), inputs=27), f"MaxPool2d 1 {CURRENTS}"),
    "max-pool of the input": (
        lambda: nn.Sequential(nn.MaxPool2d(2), nn.Flatten(), nn.Linear(32, 4), leaky()),
        "MaxPool2d 0 pools the input, in front of all synapses",
    ),
    "second max-pool": (
        lambda: conv(leaky(), nn.MaxPool2d(2), nn.MaxPool2d(3), inputs=3),
        "MaxPool2d 3 pools what MaxPool2d 2 has pooled: use one pool as wide as both",
    ),
    "max-pool of fully connected neurons": (
        lambda: nn.Sequential(nn.Flatten(), nn.Linear(128, 8), leaky(), nn.Unflatten(1, (2, 2, 2)), nn.MaxPool2d(2)),
        "MaxPool2d 4 pools fully connected neurons, which do not lie in a map: remove it",
    ),
    "padded pool": (
        lambda: pool_of(kernel_size=2, padding=1),
        "MaxPool2d 2 has padding=1: allowed on the accelerator: 0",
    ),
    "dilated pool": (
        lambda: pool_of(kernel_size=2, dilation=2),
        "MaxPool2d 2 has dilation=2: allowed on the accelerator: 1",
    ),
    "overlapping pool": (
        lambda: pool_of(kernel_size=3, stride=2),
        "MaxPool2d 2 has stride=2: allowed on the accelerator: the kernel's size",
    ),
    "rectangular pool": (
        lambda: pool_of(kernel_size=(2, 3)),
        "MaxPool2d 2 has kernel_size=(2, 3): allowed on the accelerator: a square one",
    ),
    "ceiling pool": (
        lambda: pool_of(kernel_size=2, ceil_mode=True),
        "MaxPool2d 2 has ceil_mode=True: allowed on the accelerator: False",
    ),
    "even kernel": (lambda: conv_of(kernel_size=2), "Conv2d 0 has kernel_size=(2, 2): allowed on the accel"),
    "rectangular kernel": (lambda: conv_of(kernel_size=(3, 1)), "Conv2d 0 has kernel_size=(3, 1): allowed"),
    "groups": (lambda: conv_of(groups=2), "Conv2d 0 has groups=2: allowed on the accelerator: 1"),
    "dilation": (lambda: conv_of(dilation=2), "Conv2d 0 has dilation=(2, 2): allowed on the accelerator: 1"),
    "padding mode": (
        lambda: conv_of(padding=1, padding_mode="circular"),
        "Conv2d 0 has padding_mode='circular': allowed on the accelerator: zeros",
    ),
    "stride of 3": (lambda: conv_of(stride=3), "Conv2d 0 has stride=(3, 3): allowed on the accelerator: 1 or 2"),
    "unequal stride": (
        lambda: conv_of(stride=(1, 2)),
        "Conv2d 0 has stride=(1, 2): allowed on the accelerator: 1 or 2",
    ),
    "unequal padding": (
        lambda: conv_of(padding=(0, 1)),
        "Conv2d 0 has padding=(0, 1): allowed on the accelerator: the same in both axes",
    ),
    "other convolution": (
        lambda: conv(leaky(), nn.ConvTranspose2d(3, 3, 3), leaky(), inputs=192),
        "ConvTranspose2d 2 is a convolution that the accelerator does not have: use Conv2d",
    ),
    "layer norm": (
        lambda: conv(nn.LayerNorm([3, 6, 6]), leaky()),
        "LayerNorm 1 cannot be folded into weights: use BatchNorm2d or BatchNorm1d directly behind the synapses",
    ),
    "group norm": (lambda: conv(nn.GroupNorm(3, 3), leaky()), "GroupNorm 1 cannot be folded into weights"),
    "instance norm": (lambda: conv(nn.InstanceNorm2d(3), leaky()), "InstanceNorm2d 1 cannot be folded into weights"),
    "batch norm of spikes": (
        lambda: conv(leaky(), nn.BatchNorm2d(3)),
        "BatchNorm2d 2 is not directly behind a Conv2d or Linear, so it cannot be folded into weights: put it between",
    ),
    "batch norm of the input": (
        lambda: nn.Sequential(nn.BatchNorm2d(2), *conv(leaky())),
        "BatchNorm2d 0 is not directly behind a Conv2d or Linear",
    ),
    "batch norm without statistics": (
        lambda: conv(nn.BatchNorm2d(3, track_running_stats=False), leaky()),
        "BatchNorm2d 1 has no running statistics, so it cannot be folded into weights: train it with track_running_",
    ),
    "batch norm a pixel": (
        lambda: nn.Sequential(nn.Conv2d(2, 3, 3), nn.Flatten(), nn.BatchNorm1d(108), leaky()),
        "BatchNorm1d 2 norms 108 values apart, and Conv2d 0 has 3 channels: use BatchNorm2d directly behind it",
    ),
    "activation function": (
        lambda: conv(nn.ReLU(inplace=True), leaky()),
        "ReLU 1 is an activation function, and the accelerator has none but spiking neurons: remove it",
    ),
    "own module": (
        lambda: nn.Sequential(Encodes(), *conv(leaky())),
        "Encodes 0 cannot be read: allowed: Conv2d or Linear",
    ),
    "unknown module": (
        lambda: conv(leaky(), nn.Upsample(scale_factor=2), inputs=432),
        "Upsample 2 cannot be read: ",
    ),
    "a module's child class": (
        lambda: nn.Sequential(nn.Flatten(), MyLinear(128, 4), leaky()),
        "MyLinear 1 may compute something else than the class it is made from: use that class itself",
    ),
    "dropout that stays": (
        lambda: nn.Sequential(nn.Flatten(), AlwaysDrops(), nn.Linear(128, 4), leaky()),
        "AlwaysDrops 1 changes values in evaluation: remove it",
    ),
    "hooks": (hooked, "Conv2d 0 has hooks, which may change what it computes: remove them; a pruned or normed weight"),
    "pruned": (pruned, "Linear 5 has hooks, which may change what it computes"),
    "diverged": (
        diverged,
        "Linear 5 has values that are not finite: its training diverged, train it anew",
    ),
    "lazy weights": (
        lambda: nn.Sequential(nn.Flatten(), nn.LazyLinear(4), leaky()),
        "Sequential has lazy modules without weights: run it once first",
    ),
    # Neurons.
    "parallel neurons": (
        lambda: nn.Sequential(nn.Flatten(), nn.Linear(128, 4), snntorch.LeakyParallel(4, 4)),
        "LeakyParallel 2 cannot be run on the accelerator: it has Leaky, Lapicque, Synaptic, Alpha, RLeaky",
    ),
    "recurrent synaptic": (
        lambda: conv(snntorch.RSynaptic(alpha=0.5, beta=0.5, all_to_all=False, init_hidden=True)),
        "RSynaptic 1 cannot be run on the accelerator",
    ),
    "LSTM": (
        lambda: nn.Sequential(nn.Flatten(), snntorch.SLSTM(128, 4, init_hidden=True)),
        "SLSTM 1 cannot be run on the accelerator",
    ),
    "a neuron's child class": (
        lambda: conv(ModifiedLeaky(beta=0.5, init_hidden=True)),
        "ModifiedLeaky 1 is a class of its own that changes how snnTorch's steps: use that itself",
    ),
    "a neuron's namesake": (
        lambda: conv(type("Leaky", (snntorch.Leaky,), {"fire": soft})(beta=0.5, init_hidden=True)),
        "Leaky 1 is a class of its own that changes how snnTorch's steps: use that itself",
    ),
    "immediate reset": (lambda: small_net(reset_delay=False), "Leaky 2 has reset_delay=False"),
    "inhibition": (inhibited, "Leaky 6 has inhibition"),
    "quantized state": (lambda: small_net(state_quant=torch.round), "Leaky 2 has a quantized state"),
    "graded spikes": (lambda: small_net(graded_spikes_factor=0.5), "Leaky 2 has graded spikes"),
    "several betas": (lambda: small_net(beta=torch.rand(6)), "Leaky 2 has 6 different values of beta"),
    "a reset that does not run": (
        other_reset,
        "Leaky 2 says reset zero but was made with subtract, which snnTorch goes on with: make the neuron with the",
    ),
    "soft spikes": (lambda: small_net(spike_grad=soft), "Leaky 2 has a spike_grad that is not 1 above the threshold"),
    # Order.
    "no neurons": (lambda: nn.Sequential(nn.Flatten()), "Sequential runs no synapses and no neurons: allowed: Conv2d"),
    "neurons alone": (lambda: leaky(), "Leaky has no synapses in front of it: put a Conv2d or Linear there"),
    "neurons behind neurons": (lambda: conv(leaky(), leaky()), "Leaky 2 has no synapses in front of it"),
    "no neurons at the end": (
        lambda: conv(leaky())[:-1],
        "Sequential ends in Linear 3 without neurons: the accelerator has neurons behind all synapses; put a snnTorch",
    ),
    "no neurons in between": (
        lambda: conv(),
        "Conv2d 0 leads to Linear 2 without neurons between them: the accelerator has neurons behind all synapses; pu",
    ),
    "linear along the last axis": (
        lambda: nn.Sequential(nn.Conv2d(2, 3, 3), leaky(), nn.Linear(6, 4), leaky()),
        "Linear 2 gets frames of [3, 6, 6] and works along their last axis alone: put nn.Flatten() in front of it",
    ),
    "reshaped maps": (
        lambda: conv(leaky(), nn.Flatten(), nn.Unflatten(1, (12, 3, 3)), nn.Conv2d(12, 3, 1), leaky(), inputs=27),
        "Conv2d 4 gets frames of [12, 3, 3], reshaped from [3, 6, 6]: the accelerator's convolution takes the maps of",
    ),
    "convolution of fully connected neurons": (
        lambda: nn.Sequential(
            nn.Flatten(), nn.Linear(128, 32), leaky(), nn.Unflatten(1, (2, 4, 4)), nn.Conv2d(2, 3, 3), leaky()
        ),
        "Conv2d 4 gets frames of [2, 4, 4], reshaped from [1, 1, 32]",
    ),
    "functional average pool": (
        lambda: Written(lambda spikes: functional.avg_pool2d(spikes, 2), inputs=27),
        f"AvgPool2d {FRACTIONS}",
    ),
    "functional adaptive pool": (
        lambda: Written(lambda spikes: functional.adaptive_avg_pool2d(spikes, 3), inputs=27),
        f"AdaptiveAvgPool2d {FRACTIONS}",
    ),
    "functional pool with settings": (
        lambda: Written(lambda spikes: functional.max_pool2d(spikes, kernel_size=3, stride=2), inputs=12),
        "MaxPool2d has stride=2: allowed on the accelerator: the kernel's size",
    ),
    "another function": (
        lambda: Written(lambda spikes: functional.interpolate(spikes, 3), inputs=27),
        "between Leaky lif1 and Linear fc1 the values change by something that is not a module ([3, 6, 6] becomes [27]",
    ),
    "functional factor": (
        lambda: Written(lambda spikes: 2 * spikes),
        "between Leaky lif1 and Linear fc1 the values change by something that is not a module",
    ),
    "transposed before it is flattened": (
        lambda: Written(lambda spikes: spikes.transpose(1, 2)),
        "between Leaky lif1 and Linear fc1 the values change by something that is not a module",
    ),
    "encoded input": (
        lambda: Written(keep, encode=lambda frame: frame / 2),
        "between the input spikes and Conv2d conv1 the values change by something that is not a module",
    ),
    "branch": (Branches, "between Leaky lif1 and Linear fc2 the values change by something that is not a module"),
    "shared neurons": (
        shared_neurons,
        "Leaky 2 runs 2 times in one timestep: use neurons of their own for ",
    ),
    "repeated frame": (RepeatsOneFrame, "Leaky lif1 runs 25 times in one timestep: use neurons of their own for every"),
    "readout at the end": (
        ReadsOutAtTheEnd,
        "timestep 3 does not run the same modules as timestep 1 (fc1, lif1, readout; fc1, lif1)",
    ),
    # States.
    "state from one": (lambda: WithStates(torch.ones_like, keep), "Leaky lif1 starts from mem other than zero"),
    "state anew": (lambda: WithStates(keep, torch.zeros_like), "Leaky lif1 gets another mem than it left one timestep"),
    "state halved": (
        lambda: WithStates(keep, lambda mem: mem / 2),
        "Leaky lif1 gets another mem than it left one ",
    ),
    "own state": (KeepsItsState, "Leaky lif1 starts from mem other than zero: the accelerator's neurons start from"),
    "own tensors": (KeepsAnswers, "KeepsAnswers cannot be copied to be read (RuntimeError: Only Tensors created expli"),
    "fixed number of timesteps": (
        lambda: WithStates(keep, keep, steps=25),
        "WithStates runs with 2 samples neither with one timestep's spikes [samples, 2, 8, 8] (",
    ),
    "states as arguments": (
        TwoStates,
        "(TypeError: TwoStates.forward() missing 1 required positional argument: 'membrane') nor with a sequence",
    ),
    "state returned in a sequential": (
        lambda: nn.Sequential(nn.Flatten(), nn.Linear(128, 4), leaky(init_hidden=False), nn.Linear(4, 4), leaky()),
        "Linear 3 gets a tuple, not a tensor: give the neurons in front of it init_hidden=True, or pass on the ",
    ),
    # Recurrent synapses.
    "recurrent weights a pixel": (
        lambda: nn.Sequential(nn.Conv2d(2, 3, 3), own_weights(torch.rand(6))),
        "RLeaky 1 has recurrent weights V of shape [6], which differ within a channel: allowed: one value, one ",
    ),
    "recurrent linear of maps": (
        lambda: recurrent_of(nn.Linear(6, 6), nn.Conv2d(2, 3, 3)),
        "Linear 1.recurrent cannot be read: from neurons back to themselves leads a Linear behind a Linear, a Conv2d",
    ),
    "recurrent without padding": (
        lambda: recurrent_of(nn.Conv2d(3, 3, 3, padding=1, stride=1, dilation=1, groups=3), nn.Conv2d(2, 3, 3)),
        "Conv2d 1.recurrent has groups=3: allowed on the accelerator: 1",
    ),
    "recurrent even kernel": (
        lambda: recurrent_of(nn.Conv2d(3, 3, 4, padding="same"), nn.Conv2d(2, 3, 3)),
        "Conv2d 1.recurrent has kernel_size=(4, 4): allowed on the accelerator: an odd square one",
    ),
    "recurrent of several layers": (
        lambda: recurrent_of(nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4))),
        "Sequential 2.recurrent cannot be read",
    ),
    # Bits.
    "mixed bits": (
        lambda: of_bits(4, 8),
        "the network has weights of different bits (4 in Conv2d 0 and 8 in Linear 5): ",
    ),
    "half quantized": (
        lambda: of_bits(8, 32),
        "the network has weights of different bits (8 in Conv2d 0 and 32 in Linear 5)",
    ),
    "float recurrence": (
        quantized_but_its_recurrence,
        "the network has weights of different bits (4 in Linear 1 and 32 in Linear 2.recurrent)",
    ),
    "six bits": (
        lambda: of_bits(6, 6),
        "Conv2d 0 has weights of -31 to 31: allowed: weights of 4 or 8 bits",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals(name: str) -> None:
    make, message = REFUSED[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = make()
    with pytest.raises(InputError) as refused:
        network_of(module, (2, 8, 8))
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)
