"""The five claims of the source study (arXiv 2603.24891), each with its test."""
