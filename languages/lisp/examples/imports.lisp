(require :sb-posix)

(with-input-from-string (in input_str)
  (let ((numbers (loop for number = (read in nil)
                       while number
                       collect number)))
    (format nil "~{~a~^ ~}" (sort numbers #'<))))
