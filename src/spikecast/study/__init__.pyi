from .contexts import (
    FEWEST_CONFIGURATIONS as FEWEST_CONFIGURATIONS,
    Context as Context,
    usual_dataset as usual_dataset,
    usual_rows as usual_rows,
)
from .counts import (
    CHANCE_MULTIPLE as CHANCE_MULTIPLE,
    core_hours as core_hours,
    inventory as inventory,
    layer_sparsity as layer_sparsity,
    near_chance as near_chance,
    outcome_counts as outcome_counts,
)
from .defaults import best_choices as best_choices
from .designs import NeuronGrid as NeuronGrid
from .matched import LAPICQUE_FOR_LEAKY as LAPICQUE_FOR_LEAKY, Matched as Matched
from .membranes import (
    LEAK as LEAK,
    SLOPE as SLOPE,
    THRESHOLD as THRESHOLD,
    EqualMembranes as EqualMembranes,
    equal_membranes as equal_membranes,
)
from .seeds import seed_variance as seed_variance
from .statistics import (
    LEVEL as LEVEL,
    PEAK_OF as PEAK_OF,
    Estimate as Estimate,
    accuracy_latency_correlation as accuracy_latency_correlation,
    bootstrap as bootstrap,
    peak as peak,
)
from .study import Study as Study
from .tables import (
    USEFUL_SHARE as USEFUL_SHARE,
    configurations as configurations,
    layer_columns as layer_columns,
    most_accurate as most_accurate,
    ok_only as ok_only,
    useful_only as useful_only,
    with_membrane as with_membrane,
)
