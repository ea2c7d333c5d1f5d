"""Music on a grid played as people play it: `humanise` (docs/gan.md)."""
