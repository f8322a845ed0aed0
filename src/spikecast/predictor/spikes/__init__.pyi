from .activity import (
    ROLES as ROLES,
    ActivityModel as ActivityModel,
    LayerLogits as LayerLogits,
    LayerTable as LayerTable,
    RoleModel as RoleModel,
    inputs_of as inputs_of,
    layer_tables as layer_tables,
    role_of as role_of,
)
from .costs import (
    LayerCost as LayerCost,
    SpikeAnswers as SpikeAnswers,
    layer_costs as layer_costs,
    spike_answers as spike_answers,
)
from .references import ReferenceTraces as ReferenceTraces
