#: what     starts threads until refused
#: id       A-003
#: control  processes
#: limits   processes=32
#: expect   runtime_error
#: error    RuntimeError: can't start new thread
#: tasks    33
import threading, time

threading.stack_size(65536)
while True:
    threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
