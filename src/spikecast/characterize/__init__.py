"""Train and simulate many configurations into a data set of choices -> activity, accuracy, latency."""
