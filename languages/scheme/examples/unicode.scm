(use-modules (ice-9 rdelim))

(format #t "«~a»~%" (read-line))
