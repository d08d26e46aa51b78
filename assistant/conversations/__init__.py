"""Conversations beside the index: what was asked, what was answered, and what a reader thought of it."""
