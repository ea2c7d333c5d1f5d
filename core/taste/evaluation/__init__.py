"""`songloom evaluate taste`: what the recommenders can do, measured on HetRec Last.fm-2K."""
