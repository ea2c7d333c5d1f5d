"""What `songloom evaluate vae` measures, one subject a module."""
