"""English texts of melodies that are hummed, sung or played."""

LISTEN_EN = {
    "compose.from_hum": "Hum or play",
    "hum.private": "One voice at a time: hum, sing, whistle or play. Nothing recorded leaves this machine, and nothing is kept: "
    "it is gone when you close the page.",
    "hum.record": "Record",
    "hum.record_help": "Your browser asks whether Songloom may hear the microphone. If you refused, allow it beside the address, "
    "or bring a file instead.",
    "hum.upload": "Or a recording: WAV, MP3, FLAC, Ogg or AIFF, up to {megabytes} MB and 20 minutes",
    "hum.beat": "Tempo",
    "hum.beat_find": "Find the beat",
    "hum.beat_metronome": "Metronome",
    "hum.tempo": "Quarter notes a minute",
    "hum.metronome_help": "Play the clicks while you record, best with headphones: the microphone hears them too.",
    "hum.listening": "Listening to {name}",
    "hum.cancelled": "Stopped. Record again, or bring another file.",
    "hum.empty": "Press the microphone and hum a tune of a few bars, or bring a recording. The notes appear here; "
    "correct them, then choose what to do with them and press Compose.",
    "hum.own_recording": "your recording",
    "hum.heard": "{notes} notes heard in {name}. Listen and compare; click to add notes, drag to move them, double-click to "
    "remove them.",
    "hum.written": "Written at {tempo} quarter notes a minute in {name}",
    "hum.major": "major",
    "hum.minor": "minor",
    "hum.grid": "Finest notes",
    "hum.grid_eighth": "Eighths",
    "hum.grid_triplet": "Triplets",
    "hum.grid_sixteenth": "Sixteenths",
    "hum.key_auto": "As heard",
    "hum.strength": "Pull to the grid",
    "hum.strength_help": "0%: when you sang it, 100%: exactly on the beat. A change here writes all notes anew; undo on the roll "
    "brings your corrections back.",
}
