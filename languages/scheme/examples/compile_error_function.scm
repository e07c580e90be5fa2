(use-modules (srfi srfi-1))

(let ((length (string-length input_str) 1))
  (number->string length))
