#: what     a pool of processes, shared memory and a queue: benign
#: id       G-24
#: expect   ok
#: output   [0, 1, 4, 9, 16] 42 done
import multiprocessing
from multiprocessing import shared_memory


def square(number):
    return number * number


def write(name, queue):
    block = shared_memory.SharedMemory(name)
    block.buf[0] = 42
    block.close()
    queue.put("done")


if __name__ == "__main__":
    with multiprocessing.Pool(3) as pool:
        squares = pool.map(square, range(5))
    block = shared_memory.SharedMemory(create=True, size=10)
    queue = multiprocessing.Queue()
    child = multiprocessing.Process(target=write, args=(block.name, queue))
    child.start()
    said = queue.get()
    child.join()
    print(squares, block.buf[0], said)
    block.close()
    block.unlink()
