from .neurons import (
    CLEAR_AFTER as CLEAR_AFTER,
    CLEAR_BEFORE as CLEAR_BEFORE,
    SUBTRACT as SUBTRACT,
    neuron_code as neuron_code,
)
from .plan import LayerPlan as LayerPlan, plan_layer as plan_layer, taps_met as taps_met
from .run import LayerOutput as LayerOutput, run_layer as run_layer
