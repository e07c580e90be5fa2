(let ((number (parse-integer input_str)))
  (princ-to-string (* number number)))
