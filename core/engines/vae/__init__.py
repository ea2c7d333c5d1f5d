"""Variations, morphs and mixed styles: variational autoencoders of melody with chords."""
