"""The event-driven engine: one layer, many samples, spike by spike, compiled.

Every input spike adds the weights it reaches to the currents; then all neurons are swept once per timestep. So the
cost of synapses grows with spikes. Frames lie channels last, so that what one spike adds is contiguous. State is
float32 in the order of snnTorch's own code; float currents are summed in another order than torch sums them, so they
may differ in the last bits; decisions so near to the threshold can be counted. Integer weights are summed as integers.
"""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
