(use-modules (ice-9 futures))

(define mark (future (begin (usleep 10000) "!")))
(string-append input_str (touch mark))
