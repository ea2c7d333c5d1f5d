"""What `songloom evaluate lyrics` measures."""
