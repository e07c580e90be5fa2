#: what     exit hooks and threads that would change the answer after it was given
#: id       A-135
#: mode     function
#: expect   ok
#: output   first
import atexit, threading, time
def overwrite():
    time.sleep(0.001)
    with open("/answer", "w") as file:
        file.write("=second")
atexit.register(overwrite)
threading.Thread(target=time.sleep, args=(30,)).start()
return "first"
