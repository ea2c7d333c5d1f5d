"""Next lines of a song text: an LSTM language model that writes a line from its end, so that it rhymes and has the
syllables that are wanted; what it learned from, its baseline and its figures (docs/lyrics.md)."""
