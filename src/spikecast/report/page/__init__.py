"""The page about a data folder: one file per section, figures beside them, and how they become HTML."""
