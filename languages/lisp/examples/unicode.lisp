(format t "«~a»~%" (read-line))
