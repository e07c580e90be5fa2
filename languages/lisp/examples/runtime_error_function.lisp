(let ((numbers (list 1 2 3))
      (zero (length "")))
  (princ-to-string (/ (length numbers) zero)))
