"""Pure functions over the text of a document: everything comes back as spans, nothing changes the text."""
