"""Measures transcription on melodies that were rendered or sung by machine."""
