;; Runs the student's compiled code. In function mode it then calls `solve` once and keeps the answer.
(define-module (code-runner)
  #:use-module (ice-9 binary-ports)
  #:use-module (ice-9 textual-ports)
  #:use-module (rnrs bytevectors)
  #:use-module (system vm frame)
  #:use-module (system vm loader)
  #:use-module (system vm program))

(define-syntax compiled
  (lambda (form)
    (datum->syntax form (call-with-input-file "/box/student.go" get-bytevector-all #:binary #t))))

(define-syntax function-mode?
  (lambda (form)
    (datum->syntax form (string=? (cadr (command-line)) "function"))))

(define source "solution.scm")
(define most-frames 20)

(define (report key arguments)
  (let ((port (current-error-port))
        (stack (make-stack #t)))
    (force-output (current-output-port))
    (display "error: " port)
    (if (eq? key '%exception)
        (format port "uncaught: ~s~%" (car arguments))
        (print-exception port #f key arguments))
    (let loop ((index 0) (shown 0))
      (when (and (< index (stack-length stack)) (< shown most-frames))
        (let* ((frame (stack-ref stack index))
               (place (frame-source frame)))
          (if (and place (equal? (source:file place) source))
              (let ((name (frame-procedure-name frame)))
                (format port "  at ~a:~a~a~%" source (source:line-for-user place)
                        (if name (format #f " (~a)" name) ""))
                (loop (1+ index) (1+ shown)))
              (loop (1+ index) shown)))))
    (force-output port)))

(define (status-of arguments)
  (cond ((null? arguments) 0)
        ((integer? (car arguments)) (logand (car arguments) 255))
        ((car arguments) 0)
        (else 1)))

(define (leave status)
  (flush-all-ports)
  (primitive-exit status))

(define (guarded thunk)
  (catch #t
    thunk
    (lambda (key . arguments)
      (leave (if (eq? key 'quit) (status-of arguments) 1)))
    (lambda (key . arguments)
      (unless (eq? key 'quit)
        (report key arguments)))))

(define (run)
  (set-current-module (make-fresh-user-module))
  ((load-thunk-from-memory compiled))
  (current-module))

(define (text-of value)
  (if (string? value) value (call-with-output-string (lambda (port) (display value port)))))

(define (keep answer)
  (flush-all-ports)
  (call-with-output-file "/answer"
    (lambda (port)
      (put-bytevector port (string->utf8 (string-append "=" (text-of answer)))))
    #:binary #t)
  (primitive-_exit 0))

(for-each (lambda (port)
            (set-port-encoding! port "UTF-8")
            (set-port-conversion-strategy! port 'substitute))
          (list (current-input-port) (current-output-port) (current-error-port)))
(set-program-arguments (cons source (cdr (program-arguments))))

(guarded
 (if function-mode?
     (lambda ()
       (let* ((input (get-string-all (current-input-port)))
              (solve (module-ref (run) 'solve)))
         (keep (solve input))))
     (lambda ()
       (run)
       (leave 0))))
