(let ((numbers (loop for number = (read *standard-input* nil)
                     while number
                     collect number)))
  (format t "~d~%" (reduce #'+ numbers)))
