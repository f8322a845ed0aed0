from ._fit import fit as fit, one_hardware as one_hardware
from .held_out import SMALLEST as SMALLEST, one_thread as one_thread
from .judge import (
    Judged as Judged,
    all_scores as all_scores,
    coverage_by as coverage_by,
    judged as judged,
    scores_of as scores_of,
)
from .outcome import outcome_scores as outcome_scores
from .parts import fit_parts as fit_parts
from .regressors import (
    BASELINES as BASELINES,
    competing_as as competing_as,
    latency_by_operations as latency_by_operations,
)
from .rows import questions_of as questions_of, with_costs as with_costs
