"""Puts the repository root on the path, so that tests run without installing."""
