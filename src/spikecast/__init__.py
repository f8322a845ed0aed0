"""Predict how a spiking neural network will behave on event-driven hardware, from its training choices alone.

>>> import spikecast
>>> spikecast.predict(surrogate="sre", neuron="lapicque").in_domain
True
"""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
