(use-modules (srfi srfi-1)
             (ice-9 string-fun))

(define numbers (map string->number (string-split input_str #\space)))
(string-join (map number->string (sort numbers <)) " ")
