"""Predict how a spiking neural network will behave on event-driven hardware, from its training choices alone."""
