"""Pictures of hardware, advice and evaluations, and the page about a data folder."""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
