"""From choices to spikes and to what hardware makes of them: activity, traces, costs."""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
