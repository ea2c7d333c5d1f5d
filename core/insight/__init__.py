"""What is said of a piece: recognised style and mood, quality against the style's real pieces, the whole report."""
