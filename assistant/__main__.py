"""`python -m assistant`: the same as `youju`."""

from assistant.cli import main

main()
