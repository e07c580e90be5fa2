#: what     forks twenty children and waits for each: benign
#: id       G-03
#: expect   ok
#: output   190
import os

total = 0
for number in range(20):
    pid = os.fork()
    if pid == 0:
        os._exit(number)
    total += os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
print(total)
