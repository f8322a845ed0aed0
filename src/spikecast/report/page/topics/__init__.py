"""The questions that the page about a data folder answers: one file each, its text and its figure."""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
