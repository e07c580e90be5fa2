(require '[clojure.string :as str])

(->> (str/split input_str #" ")
     (map parse-long)
     sort
     (str/join " "))
