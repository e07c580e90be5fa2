#lang racket

(displayln (for/sum ([line (in-lines)])
             (string->number line)))
