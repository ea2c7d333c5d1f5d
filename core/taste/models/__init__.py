"""The recommenders, one file each. See `core/taste/registry.py` for the table."""
