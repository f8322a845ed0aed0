"""Pictures of what the hardware does."""
