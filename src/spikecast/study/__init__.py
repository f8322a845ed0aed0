"""What the rows say: pure functions on tables, one question to a file; pages and figures are made of them elsewhere."""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
