;; Compiles the student's text, and then the harness with the result inside.
(use-modules (ice-9 match)
             (ice-9 binary-ports)
             (ice-9 regex)
             (system base compile)
             (system base language)
             (system syntax internal))

(define mode (string->symbol (cadr (command-line))))
(define source "solution.scm")

(define (say line column severity message)
  (format #t "~a:~a:~a: ~a: ~a~%" source line column severity message))

;; The latest first.
(define forms-read '())

;; Where the form begins that was read last: the place of errors that name none.
(define form-line 1)
(define form-column 1)

(define (fail line column message)
  (say (or line form-line) (or column form-column) "error" message)
  (exit 1))

(define (message-of key arguments)
  (let ((text (call-with-output-string
                (lambda (port) (print-exception port #f key arguments)))))
    (string-join (string-split (string-trim-both text) #\newline) " ")))

(define (note-place port)
  (let ((char (peek-char port)))
    (cond ((eof-object? char))
          ((char-whitespace? char) (read-char port) (note-place port))
          ((char=? char #\;)
           (let skip ((char (read-char port)))
             (unless (or (eof-object? char) (char=? char #\newline))
               (skip (read-char port))))
           (note-place port))
          (else
           (set! form-line (1+ (port-line port)))
           (set! form-column (1+ (port-column port)))))))

(define (read-form port)
  (note-place port)
  (catch 'read-error
    (lambda ()
      (let ((form (read-syntax port)))
        (set! forms-read (cons form forms-read))
        form))
    (lambda (key who format-string arguments . rest)
      (let ((line (1+ (port-line port)))
            (text (apply format #f format-string arguments)))
        ;; The message begins with a place of its own.
        (match (string-split text #\:)
          ((_ (= string->number line) (= string->number column) . rest)
           (when (and (string-contains text "end of input") (not (= line form-line)))
             (say form-line form-column "note" "the form that begins here is not closed"))
           (fail line column (string-trim (string-join rest ":"))))
          (_ (fail line 1 text)))))))

(define (read-all port)
  (let loop ((forms '()))
    (let ((form (read-form port)))
      (if (eof-object? form)
          (reverse forms)
          (loop (cons form forms))))))

(define (import? form)
  (match (syntax->datum form)
    (((or 'use-modules 'import) . _) #t)
    (_ #f)))

(define (defines-solve? form)
  (match (syntax->datum form)
    (((or 'define 'define*) (or 'solve ('solve . _)) . _) #t)
    (_ #f)))

(define (as-function forms)
  (if (or-map defines-solve? forms)
      forms
      (let loop ((imports '()) (body forms))
        (if (and (pair? body) (import? (car body)))
            (loop (cons (car body) imports) (cdr body))
            (append (reverse imports)
                    `((define (solve input_str)
                        ,@(if (null? body) '((if #f #f)) body))))))))

(define (set-place! form)
  (match form
    (('define _ first . _) (set-place! first))
    (_ (let ((place (and (syntax? form) (syntax-source form))))
         (when place
           (set! form-line (line-of place))
           (set! form-column (column-of place)))))))

;; In function mode what the compiler reads is not the port.
(define read-next
  (if (eq? mode 'program)
      read-form
      (let ((rest #f))
        (lambda (port)
          (unless rest (set! rest (as-function (read-all port))))
          (match rest
            (() (eof-object))
            ((form . more)
             (set! rest more)
             (set-place! form)
             form))))))

;; The place where this form or name first stands.
(define (find-place wanted)
  (define (find form)
    (cond ((syntax? form)
           (if (equal? (syntax->datum form) wanted)
               (syntax-source form)
               (find (syntax-expression form))))
          ((pair? form) (or (find (car form)) (find (cdr form))))
          (else #f)))
  (or-map find (reverse forms-read)))

(define (line-of place) (and=> place (lambda (place) (1+ (assq-ref place 'line)))))
(define (column-of place) (and=> place (lambda (place) (1+ (assq-ref place 'column)))))

(define (compile-student)
  (let ((port (open-input-file source #:encoding "UTF-8"))
        (module (default-environment 'scheme)))
    (fluid-set! current-reader read-next)
    (fluid-set! (module-ref module 'current-reader) read-next)
    (catch #t
      (lambda ()
        (read-and-compile port #:env module #:from 'scheme #:to 'bytecode
                          #:opts '(#:to-file? #t)))
      (lambda (key . arguments)
        (match (cons key arguments)
          (('quit . _) (apply throw key arguments))
          (('syntax-error who what where form subform . _)
           (let ((place (or where (find-place form)))
                 (near (or subform form)))
             (fail (line-of place)
                   (column-of place)
                   (if near (format #f "~a in ~s" what near) what))))
          (_ (fail #f #f (message-of key arguments))))))))

;; The compiler counts columns from 0, and does not tell where an unbound variable stands.
(define (say-warning text)
  (define (match-line pattern) (string-match pattern text))
  (cond ((match-line "^;;; solution\\.scm:([0-9]+):([0-9]+): warning: (.*)$")
         => (lambda (found)
              (say (match:substring found 1) (1+ (string->number (match:substring found 2)))
                   "warning" (match:substring found 3))))
        ((match-line "^;;; <unknown-location>: warning: (.*`(.*)'.*)$")
         => (lambda (found)
              (let ((place (find-place (string->symbol (match:substring found 2)))))
                (if place
                    (say (line-of place) (column-of place) "warning" (match:substring found 1))
                    (format #t "~a~%" text)))))
        ((not (string-null? text)) (format #t "~a~%" text))))

(define (write-bytes file bytes)
  (call-with-output-file file (lambda (port) (put-bytevector port bytes)) #:binary #t))

(chdir "/code")
(set-port-encoding! (current-output-port) "UTF-8")
(define warnings (open-output-string))
(let ((code (parameterize ((current-warning-port warnings)) (compile-student))))
  (for-each say-warning (string-split (get-output-string warnings) #\newline))
  (fluid-set! current-reader #f)
  (write-bytes "/box/student.go" code)
  (write-bytes
   "/artifact"
   (parameterize ((default-warning-level 0)
                  ;; Its own speed does not matter, that of compiling it does.
                  (default-optimization-level 0))
     (read-and-compile (open-input-file "harness.scm") #:from 'scheme #:to 'bytecode
                       #:opts '(#:to-file? #t)))))
