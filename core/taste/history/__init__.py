"""A listener's history from elsewhere: one file a format, one line in the registry, one way into the store."""
