#: what     an integer of a million digits has no text in Python
#: id       A-134
#: mode     function
#: expect   runtime_error
#: error    ValueError
return 10 ** 1_000_000
