"""Pictures of how good a predictor is."""
