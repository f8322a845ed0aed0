from ._fit import fit as fit, one_hardware as one_hardware
from .assembly import fit_parts as fit_parts, no_progress as no_progress
from .held_out import one_thread as one_thread
from .judge import (
    Judged as Judged,
    all_scores as all_scores,
    coverage_by as coverage_by,
    judged as judged,
    scores_of as scores_of,
)
from .learned_rows import (
    Learnable as Learnable,
    LearnedRows as LearnedRows,
    questions_of as questions_of,
    with_costs as with_costs,
)
from .regressors import (
    BASELINES as BASELINES,
    competing_as as competing_as,
    latency_by_operations as latency_by_operations,
)
from .unseen import UNSEEN as UNSEEN, unseen_widths as unseen_widths
