#: what     stops itself and its group instead of sleeping
#: limits   wall_time_ms=400
#: expect   time_limit
import os, signal

os.kill(0, signal.SIGSTOP)
