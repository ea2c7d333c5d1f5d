"""What music may be used for, and how much of it was there before."""
