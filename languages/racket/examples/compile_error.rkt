#lang racket

(displayln number)
