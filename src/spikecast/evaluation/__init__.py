"""How good a predictor is: on unseen rows, beside baselines, where it must extrapolate, and as it gets more rows."""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
