"""Train and simulate many configurations into a data set of choices -> activity, accuracy, latency."""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
