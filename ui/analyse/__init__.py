"""The page that says of a piece what it is, whether it is good and whom it resembles."""
