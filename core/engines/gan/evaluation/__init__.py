"""The figures of `songloom evaluate gan`, for anything that arranges (`core.engines.arranging.Arranger`)."""
