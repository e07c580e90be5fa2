#: what     eight threads sum what they share out: benign
#: id       G-01
#: expect   ok
#: output   499999500000
import threading

parts = [0] * 8


def work(index):
    parts[index] = sum(range(index, 1_000_000, 8))


threads = [threading.Thread(target=work, args=(index,)) for index in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sum(parts))
