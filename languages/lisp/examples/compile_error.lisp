(defun square (number)
  (format t "squaring~%")
  (let ((result (* number number) 1))
    result))

(print (square 2))
