"""What `songloom evaluate lstm` measures, one file a part."""
