#lang racket

(printf "«~a»\n" (read-line))
