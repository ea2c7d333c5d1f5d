"""Words to sing: from a text to sections, lines, words and syllables (docs/lyrics.md).

::

    from core.lyrics import read_lyrics

    lyrics = read_lyrics("Beautiful dreamer,\nwake unto me")
    [(syllable.text, syllable.stress) for syllable in lyrics.syllables]
"""

from core.lyrics.reader import read_lyrics
from core.lyrics.types import Breath, Line, Lyrics, Section, Syllable, Word

__all__ = ["Breath", "Line", "Lyrics", "Section", "Syllable", "Word", "read_lyrics"]
