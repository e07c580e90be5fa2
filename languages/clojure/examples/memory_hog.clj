(loop [blocks []]
  (recur (conj blocks (long-array 100000 1))))
