(define (twice text)
  (string-append text text))

(define (solve text)
  (twice text))
