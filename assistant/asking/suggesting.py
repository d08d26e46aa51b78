def suggestions(*a, **k): return ()
