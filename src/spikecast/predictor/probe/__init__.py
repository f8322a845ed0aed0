"""The untrained network run forwards and backwards once: what a predictor can see of a network before it is trained."""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
