"""The page about a data folder: one file per section, figures beside them, and how they become HTML."""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
