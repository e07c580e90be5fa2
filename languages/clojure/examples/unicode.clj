(println (str "«" (read-line) "»"))
