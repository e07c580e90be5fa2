#lang racket

(define blocks '())

(let loop ()
  (set! blocks (cons (make-vector 100000 1) blocks))
  (loop))
