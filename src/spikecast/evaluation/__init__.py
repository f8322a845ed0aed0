"""How good a predictor is: on unseen rows, beside baselines, where it must extrapolate, and as it gets more rows."""
