(require '[clojure.string :as str])

(str/upper-case inptu_str)
