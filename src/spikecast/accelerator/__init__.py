"""The event-driven accelerator: exact spikes, exact cycles."""

import lazy_loader as lazy

from spikecast._util.renamed import with_old_names

_attribute, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
__getattr__ = with_old_names(__name__, _attribute, {"quantised": "quantized", "summarise": "summarize"})
