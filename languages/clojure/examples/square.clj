(let [number (parse-long input_str)]
  (str (* number number)))
