from ._evaluate import SPLITS as SPLITS, evaluate as evaluate, evaluate_split as evaluate_split
