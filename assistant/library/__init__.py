"""The folder of texts as a person tends it: what is in it, its own words, and what is put into it."""
