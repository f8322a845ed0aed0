from ._probe import LayerProbe as LayerProbe, Probe as Probe, probe as probe
from .probe_recordings import ProbeRecordings as ProbeRecordings, balanced as balanced
