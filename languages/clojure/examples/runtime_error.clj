(defn divide [number divisor]
  (println "dividing")
  (quot number divisor))

(println (divide 1 0))
