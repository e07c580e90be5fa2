#lang racket

(define (first-of numbers)
  (define number (car numbers))
  (displayln number))

(first-of '())
