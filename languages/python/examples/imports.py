from heapq import heapify, heappop

heap = [int(word) for word in input_str.split()]
heapify(heap)
return " ".join(str(heappop(heap)) for _ in range(len(heap)))
