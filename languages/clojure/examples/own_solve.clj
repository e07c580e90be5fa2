(defn twice [text]
  (str text text))

(defn solve [text]
  (twice text))
