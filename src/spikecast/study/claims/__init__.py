"""The five claims of the source study (arXiv 2603.24891), each with its test."""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
