(define number (string->number input_str))
(number->string (* number number))
