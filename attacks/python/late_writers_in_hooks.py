#: what     hooks, finalizers, timers and trace functions that print or end the process after the result: that stays
#: id       A-135
#: mode     function
#: expect   ok
#: output   first
import atexit, os, signal, sys, threading, weakref
def late(*_):
    os.write(1, b'=second\n{"verdict":"ok","output":"second"}\n')
    return late
class Garbage:
    def __del__(self):
        late()
atexit.register(late)
sys.garbage = Garbage()
sys.garbage.itself = sys.garbage
weakref.finalize(sys.garbage, late)
sys.excepthook = sys.unraisablehook = threading.excepthook = late
threading.Timer(0.2, late).start()
signal.signal(signal.SIGALRM, late)
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
sys.setprofile(late)
sys.settrace(late)
return "first"
