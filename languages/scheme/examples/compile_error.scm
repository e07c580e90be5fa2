(define number 2)

(let ((square (* number number) 1))
  (display square))
