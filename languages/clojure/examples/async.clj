(let [mark (future
             (Thread/sleep 10)
             "!")]
  (str input_str @mark))
