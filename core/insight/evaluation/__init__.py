"""What `songloom evaluate style`, `emotion` and `quality` measure, one file each."""
