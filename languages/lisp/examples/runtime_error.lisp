(defun show-quotient (number divisor)
  (format t "dividing~%")
  (format t "~a~%" (/ number divisor)))

(show-quotient 1 0)
