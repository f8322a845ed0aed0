from ._plan import plan as plan
from .dask_backend import cluster as cluster, connect as connect
from .runner import (
    ELSEWHERE as ELSEWHERE,
    Backend as Backend,
    local_processes as local_processes,
    pending as pending,
    run as run,
)
from .space import load_space as load_space, write_space as write_space
from .status import status_of as status_of
from .store import (
    Store as Store,
    damaged_trials as damaged_trials,
    finished_rows as finished_rows,
    require_same_recordings as require_same_recordings,
    require_store as require_store,
)
from .trial import run_trial as run_trial
