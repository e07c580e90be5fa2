(define numbers '())

(number->string (car numbers))
