#: what     closes its output and goes on: the verdict waits for its end, not for the pipe's
#: id       A-030
#: expect   runtime_error
#: error    exit code 5
import os, time

os.close(1)
os.close(2)
time.sleep(0.3)
os._exit(5)
