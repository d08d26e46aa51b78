"""What a reader of an original needs: its text in blocks, places found in it, pictures of its pages, its file."""
