(require racket/string)

(define numbers (map string->number (string-split input_str)))
(string-join (map number->string (sort numbers <)) " ")
