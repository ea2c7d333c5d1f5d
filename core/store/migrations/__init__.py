"""Changes of the tables, in order, run when the data base is opened."""
