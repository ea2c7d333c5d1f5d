"""What is kept between visits: takes and their edits, listeners, and what they listened to."""

from core.store.records import Listener, NewTake, TakeRecord, Version
from core.store.store import Store

__all__ = ["Listener", "NewTake", "Store", "TakeRecord", "Version"]
