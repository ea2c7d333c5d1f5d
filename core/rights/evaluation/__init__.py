"""The figures that originality and fingerprints promise, measured."""
