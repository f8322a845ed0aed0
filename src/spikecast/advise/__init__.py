"""Questions asked of a predictor: what to train, what accuracy costs, what one choice does, which of two is better, and
what to measure next."""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
