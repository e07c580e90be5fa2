(defun twice (text)
  (concatenate 'string text text))

(defun solve (text)
  (twice text))
