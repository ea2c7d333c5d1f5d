from __future__ import annotations

from core.audio.kept import KeptSounds


def test_what_was_used_longest_ago_is_let_go() -> None:
    kept = KeptSounds(max_bytes=10)
    kept.put("a", b"1234")
    kept.put("b", b"1234")
    assert kept.get("a") == b"1234"
    kept.put("c", b"1234")
    assert kept.get("b") is None
    assert kept.get("a") == kept.get("c") == b"1234"


def test_a_sound_under_the_same_key_takes_the_place_of_the_earlier_one() -> None:
    kept = KeptSounds(max_bytes=10)
    for size in (8, 9, 10):
        kept.put("a", b"x" * size)
    assert kept.get("a") == b"x" * 10
    kept.put("a", b"x" * 11)
    assert kept.get("a") is None
