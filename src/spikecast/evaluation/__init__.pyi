from ._evaluate import evaluate as evaluate
from .learning import SPLITS as SPLITS, evaluate_split as evaluate_split
