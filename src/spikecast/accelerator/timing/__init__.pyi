from .conv import (
    CONV_EVENTS as CONV_EVENTS,
    ConvSizes as ConvSizes,
    sparse_conv as sparse_conv,
    sparse_conv_busy as sparse_conv_busy,
    sparse_conv_events as sparse_conv_events,
    sparse_conv_samples as sparse_conv_samples,
)
from .fc import (
    HANDOVER as HANDOVER,
    FcSizes as FcSizes,
    group_cycles as group_cycles,
    sparse_fc as sparse_fc,
    sparse_fc_parts as sparse_fc_parts,
    sparse_fc_samples as sparse_fc_samples,
)
from .pipeline import (
    EXACT_DEPTH as EXACT_DEPTH,
    fc_pipeline as fc_pipeline,
    fc_pipeline_samples as fc_pipeline_samples,
    spike_cycles as spike_cycles,
)
