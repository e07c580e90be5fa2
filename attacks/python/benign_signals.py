#: what     an alarm and its handler, select on a pipe, a nap: benign
#: id       G-11 G-13
#: expect   ok
#: output   woken
import os, select, signal

reader, writer = os.pipe()
signal.signal(signal.SIGALRM, lambda *_: os.write(writer, b"x"))
signal.setitimer(signal.ITIMER_REAL, 0.05)
select.select([reader], [], [], 5)
print("woken")
