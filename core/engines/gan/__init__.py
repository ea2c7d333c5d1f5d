"""A band by a GAN: parts for a melody and its chords (docs/gan.md)."""
