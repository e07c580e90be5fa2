#: what     prints a perfect result and ends without returning
#: id       A-126
#: mode     function
#: expect   runtime_error
#: error    ended before the function returned
import os
print('{"status":"done","verdict":"ok","results":[{"output":"16","verdict":"ok"}]}', flush=True)
os._exit(0)
