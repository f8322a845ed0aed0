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
    GreyAnswers as GreyAnswers,
    LayerCost as LayerCost,
    grey_answers as grey_answers,
    layer_costs as layer_costs,
)
from .traces import ReferenceTraces as ReferenceTraces
