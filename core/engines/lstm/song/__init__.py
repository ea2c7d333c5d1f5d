"""Words to rhythm to melody: an LSTM over notes that reads what is sung (docs/lyrics.md)."""
