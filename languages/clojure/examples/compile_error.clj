(defn greet [name]
  (println "greeting")
  (println "Hello," nmae))

(greet "world")
