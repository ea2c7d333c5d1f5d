"""Chorales of music21's corpus that the JSB benchmark validates or tests on, by file name.

Made by `core.corpora.bach.matches` (overlap above 0.5) and kept here so that training leaves the
same pieces out on every machine, with or without the benchmark at hand.
"""

SAME_SETTING = frozenset(
    [
    "bwv10.7", "bwv102.7", "bwv103.6", "bwv11.6", "bwv110.7", "bwv111.6", "bwv112.5", "bwv112.5-sc", "bwv114.7",
    "bwv115.6", "bwv12.7", "bwv120.8-a", "bwv121.6", "bwv126.6", "bwv127.5", "bwv13.6", "bwv130.6", "bwv133.6",
    "bwv136.6", "bwv137.5", "bwv14.5", "bwv145-a", "bwv148.6", "bwv149.7", "bwv151.5", "bwv153.9", "bwv154.8",
    "bwv159.5", "bwv168.6", "bwv169.7", "bwv17.7", "bwv172.6", "bwv174.5", "bwv176.6", "bwv177.5", "bwv179.6",
    "bwv184.5", "bwv185.6", "bwv188.6", "bwv197.10", "bwv197.5", "bwv2.6", "bwv226.2", "bwv244.3", "bwv244.46",
    "bwv245.14", "bwv245.17", "bwv245.37", "bwv245.5", "bwv248.17", "bwv248.46-5", "bwv248.53-5", "bwv248.59-6",
    "bwv25.6", "bwv253", "bwv256", "bwv258", "bwv261", "bwv264", "bwv268", "bwv269", "bwv270", "bwv275", "bwv276",
    "bwv280", "bwv281", "bwv287", "bwv288", "bwv289", "bwv290", "bwv291", "bwv292", "bwv294", "bwv298", "bwv302",
    "bwv306", "bwv307", "bwv310", "bwv311", "bwv314", "bwv315", "bwv316", "bwv317", "bwv318", "bwv319", "bwv32.6",
    "bwv323", "bwv324", "bwv326", "bwv327", "bwv329", "bwv331", "bwv338", "bwv339", "bwv340", "bwv341", "bwv347",
    "bwv350", "bwv351", "bwv354", "bwv355", "bwv36.4-2", "bwv36.8-2", "bwv361", "bwv362", "bwv365", "bwv366",
    "bwv367", "bwv37.6", "bwv371", "bwv383", "bwv391", "bwv393", "bwv40.8", "bwv400", "bwv404", "bwv405",
    "bwv408", "bwv410", "bwv411", "bwv414", "bwv416", "bwv417", "bwv418", "bwv419", "bwv420", "bwv429",
    "bwv43.11", "bwv430", "bwv431", "bwv434", "bwv435", "bwv438", "bwv45.7", "bwv57.8", "bwv60.5", "bwv64.4",
    "bwv65.7", "bwv67.7", "bwv69.6-a", "bwv7.7", "bwv70.11", "bwv72.6", "bwv77.6", "bwv78.7", "bwv79.3",
    "bwv79.6", "bwv85.6", "bwv87.7", "bwv88.7", "bwv9.7", "bwv90.5", "bwv93.7", "bwv99.6",
]
)
"""154 files: the same harmonisation as a validation or test piece, perhaps in another key."""

SAME_MELODY = SAME_SETTING | frozenset(
    [
    "bwv1.6", "bwv101.7", "bwv104.6", "bwv113.8", "bwv116.6", "bwv117.4", "bwv128.5", "bwv135.6", "bwv144.3",
    "bwv144.6", "bwv153.1", "bwv153.5", "bwv155.5", "bwv157.5", "bwv161.6", "bwv166.6", "bwv175.7", "bwv177.4",
    "bwv178.7", "bwv190.7", "bwv190.7-inst", "bwv194.12", "bwv194.6", "bwv195.6", "bwv197.7-a", "bwv227.1",
    "bwv227.11", "bwv227.7", "bwv244.10", "bwv244.15", "bwv244.17", "bwv244.25", "bwv244.29-a", "bwv244.32",
    "bwv244.37", "bwv244.44", "bwv244.54", "bwv244.62", "bwv245.11", "bwv245.15", "bwv245.28", "bwv245.3",
    "bwv245.40", "bwv248.23-s", "bwv248.28", "bwv248.35-3", "bwv248.35-3c", "bwv248.5", "bwv248.64-6",
    "bwv248.64-s", "bwv248.9-1", "bwv248.9-s", "bwv250", "bwv251", "bwv257", "bwv271", "bwv29.8", "bwv30.6",
    "bwv303", "bwv31.9", "bwv312", "bwv33.6", "bwv334", "bwv348", "bwv352", "bwv353", "bwv358", "bwv376",
    "bwv380", "bwv39.7", "bwv390", "bwv392", "bwv394", "bwv395", "bwv398", "bwv40.3", "bwv42.7", "bwv421",
    "bwv428", "bwv436", "bwv44.7", "bwv47.5", "bwv48.7", "bwv5.7", "bwv56.5", "bwv59.3", "bwv64.2", "bwv64.8",
    "bwv66.6", "bwv69.6", "bwv73.5", "bwv80.8", "bwv81.7", "bwv84.5", "bwv86.6", "bwv89.6", "bwv91.6", "bwv92.9",
    "bwv94.8", "bwv95.7", "bwv97.9",
]
)
"""255 files: those, and other harmonisations of the same chorale melody."""
