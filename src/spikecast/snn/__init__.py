"""Spiking networks in torch and snnTorch: built, trained, evaluated, exported. The only place that imports them."""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
