from .boosted_trees import BoostedTrees as BoostedTrees
from .gaussian_process import GaussianProcess as GaussianProcess, Kernel as Kernel
from .kernel import standard_scale as standard_scale
from .outcome import OutcomeModel as OutcomeModel
from .posterior import Posterior as Posterior
from .regressor import (
    Regressor as Regressor,
    StoredFile as StoredFile,
    StoredFiles as StoredFiles,
    arrays_in as arrays_in,
)
from .simple import Linear as Linear, Mean as Mean, NearestNeighbor as NearestNeighbor, distances as distances
