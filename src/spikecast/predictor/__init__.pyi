from . import fit as fit
from .bundle import read_bundle as read_bundle
from .bundles import (
    BASELINE as BASELINE,
    Entries as Entries,
    bundles_in as bundles_in,
    model_diff as model_diff,
    model_folder as model_folder,
    shipped_models as shipped_models,
    summary as summary,
)
from .domain import NUMBERS_WITHIN as NUMBERS_WITHIN, Domain as Domain
from .estimator import SpikecastRegressor as SpikecastRegressor
from .explain import Contribution as Contribution, Explanation as Explanation
from .features import column_indices as column_indices
from .measured import MEANS as MEANS
from .parts import Parts as Parts
from .prediction import (
    Interval as Interval,
    LayerPrediction as LayerPrediction,
    Neighbour as Neighbour,
    Prediction as Prediction,
)
from .predictor import Predictor as Predictor
from .questions import Questions as Questions
from .scores import seed_spread as seed_spread
from .spikes.costs import LayerCost as LayerCost
from .table import (
    read_batch as read_batch,
    read_choices_csv as read_choices_csv,
    require_names as require_names,
)
from .targets import ANSWERED as ANSWERED, TARGETS as TARGETS, not_priced as not_priced
