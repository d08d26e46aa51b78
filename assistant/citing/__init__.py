"""Quotes after the answer: verified against the texts as they are now, and copied with their sources."""
