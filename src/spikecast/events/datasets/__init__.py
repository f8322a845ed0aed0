"""Data sets: one file each, from a folder or a computation to recordings."""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
