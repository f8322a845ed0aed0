"""Whether the tables of a data folder are what a characterization writes: schema, keys, numbers, traces, cycles."""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
