(require :sb-posix)

(let ((length (length input_str) 1))
  (princ-to-string length))
