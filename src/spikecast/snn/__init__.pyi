from ._export import export as export
from .network import SpikingNetwork as SpikingNetwork
from .process import (
    give_back_freed_memory as give_back_freed_memory,
    keep_freed_memory as keep_freed_memory,
    repeatable_torch as repeatable_torch,
)
from .quantize import quantize_weights as quantize_weights
from .training import (
    Training as Training,
    loss_function as loss_function,
    output_spikes as output_spikes,
    train as train,
)
