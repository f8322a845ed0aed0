"""From rows to the parts of a predictor. The order of the work stands in ``_fit.py``."""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
