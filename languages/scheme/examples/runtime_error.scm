(define numbers '())

(display (car numbers))
