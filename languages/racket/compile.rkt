#lang racket/base
;; Compiles the student's module and the harness into one file.
(require racket/list racket/string syntax/modread)

(define source "solution.rkt")
(define mode (vector-ref (current-command-line-arguments) 0))

(define (fail line column message)
  (printf "~a:~a:~a: error: ~a\n" source line column
          (string-join (string-split message)))
  (exit 1))

(define (say-and-exit error)
  (define message (regexp-replace #rx"^solution\\.rkt:[0-9]+:[0-9]+: " (exn-message error) ""))
  (define places
    (filter (lambda (place) (and (equal? (srcloc-source place) source) (srcloc-line place)))
            (if (exn:srclocs? error) ((exn:srclocs-accessor error) error) '())))
  (if (null? places)
      (fail 1 1 message)
      (fail (srcloc-line (first places)) (add1 (srcloc-column (first places))) message)))

;; Reading

(define (head form)
  (define parts (syntax->list form))
  (and parts (pair? parts) (syntax-e (first parts))))

(define (defines-solve? form)
  (and (memq (head form) '(define define/contract))
       (pair? (rest (syntax->list form)))
       (let ([what (syntax-e (second (syntax->list form)))])
         (eq? 'solve (if (pair? what) (syntax-e (car what)) what)))))

(define (read-forms in)
  (define form (read-syntax source in))
  (if (eof-object? form)
      '()
      (cons form (read-forms in))))

(define (as-module forms)
  (datum->syntax #f (list* 'module 'solution 'racket forms)))

(define (function-module in)
  ;; The line that names a language may stand there; it is always the same one.
  (when (regexp-match-peek #px"^\\s*#lang " in)
    (regexp-match #rx"^[^\n]*#lang [^\n]*" in))
  (define forms (read-forms in))
  (define-values (imports body)
    (splitf-at forms (lambda (form) (eq? 'require (head form)))))
  (as-module
   (cons '(provide solve)
         (if (ormap defines-solve? forms)
             forms
             (append imports (list `(define (solve input_str)
                                      ,@(if (null? body) '((void)) body))))))))

(define (program-module in)
  (if (regexp-match-peek #px"^(?:\\s|;[^\n]*\n)*(?:#lang |#!|\\(module )" in)
      (with-module-reading-parameterization
        (lambda () (check-module-form (read-syntax source in) 'solution source)))
      (as-module (read-forms in))))

(define (student-module)
  (define in (open-input-file source))
  (port-count-lines! in)
  (if (equal? mode "function") (function-module in) (program-module in)))

(define (harness-module)
  (define in (open-input-file "harness.rkt"))
  (port-count-lines! in)
  (with-module-reading-parameterization
    (lambda () (check-module-form (read-syntax "harness.rkt" in) 'harness "harness.rkt"))))

;; Compiling

(define (compile-module form)
  (compile (namespace-syntax-introduce form)))

(current-directory "/code")
(define compiled
  (parameterize ([current-namespace (make-base-namespace)])
    (list (with-handlers ([exn:fail? say-and-exit])
            (compile-module (student-module)))
          (compile-module (harness-module)))))
(call-with-output-file "/artifact" #:exists 'truncate
  (lambda (out)
    (for ([code compiled])
      (write code out))))
