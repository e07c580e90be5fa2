(let [zero (- (count input_str) (count input_str))]
  (println "dividing")
  (str (quot 1 zero)))
