(println (reduce + (map parse-long (line-seq (java.io.BufferedReader. *in*)))))
