"""What is kept between visits: takes and their edits, and the settings of each listener."""

from core.store.records import Listener, NewTake, TakeRecord, Version
from core.store.store import Store

__all__ = ["Listener", "NewTake", "Store", "TakeRecord", "Version"]
