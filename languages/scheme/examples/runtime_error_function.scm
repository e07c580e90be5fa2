(define numbers '())

(car numbers)
