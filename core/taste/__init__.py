"""What listeners love: recommenders behind one protocol, their evaluation, and the service for pages."""
