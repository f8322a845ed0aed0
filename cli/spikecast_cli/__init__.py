"""The command line of spikecast: thin, one file per command."""
