"""What happens to a question before it is searched: it is made to stand alone, and one for every mention is known."""
