;;; Compiles the student's text and puts it between the two halves of the harness: compiled files can
;;; simply be joined. Messages name lines and columns, and so does a table for errors at run time.

(defpackage "COMPILE" (:use "CL"))
(in-package "COMPILE")

(defparameter *source* "/code/solution.lisp")
;;; The first of these words: what the request adds comes behind it.
(defparameter *function-mode*
  (equal (find-if (lambda (word) (member word '("program" "function") :test #'equal)) sb-ext:*posix-argv*)
         "function"))
(defparameter *wrapped* "(defun solve (input_str) (declare (ignorable input_str)) ")

(defvar *failed* nil)

;;; Where each list begins, as (line . column).
(defvar *places* (make-hash-table :test 'eq))
(defvar *source-info* nil)

(defun one-line (text)
  (with-output-to-string (out)
    (let ((space nil))
      (loop for char across (string-trim '(#\Space #\Newline #\Tab) text)
            do (cond ((member char '(#\Space #\Newline #\Tab)) (setf space t))
                     (t (when space (write-char #\Space out))
                        (setf space nil)
                        (write-char char out)))))))

(defun say (place severity message)
  (when (string= severity "error") (setf *failed* t))
  (format t "~@[solution.lisp:~{~a:~a: ~}~]~a: ~a~%"
          (and place (list (car place) (cdr place))) severity (one-line message)))

(defun leave ()
  (finish-output)
  (sb-ext:exit :code 1 :abort t))

;;; Places

(defun note-places ()
  (let ((read-list (get-macro-character #\()))
    (set-macro-character
     #\(
     (lambda (stream char)
       (let ((place (and (typep stream 'sb-int:form-tracking-stream)
                         (sb-impl::line/col-from-charpos stream)))
             (form (funcall read-list stream char)))
         (when place
           (setf *source-info* sb-c::*source-info*)
           (when (consp form)
             (setf (gethash form *places*) place)))
         form)))))

(defun toplevel-forms ()
  (sb-c::file-info-forms (sb-c::source-info-file-info *source-info*)))

;;; A path leads from the outermost form inwards; it is kept the other way round.
(defun place-of (path)
  (let* ((path (reverse path))
         (form (aref (toplevel-forms) (pop path)))
         (place (gethash form *places*)))
    (loop for index in path
          do (unless (consp form) (return))
             (setf form (ignore-errors (nth index form)))
             (setf place (or (gethash form *places*) place)))
    place))

(defun place-of-context (context)
  (ignore-errors (place-of (sb-c::compiler-error-context-original-source-path context))))

;;; Messages

(defun say-condition (severity condition)
  (say (place-of-context (sb-c::find-error-context nil)) severity (princ-to-string condition)))

(defun number-after (label text)
  (let ((start (search label text)))
    (and start (parse-integer text :start (+ start (length label)) :junk-allowed t))))

;;; Where a body has one parenthesis too many, that ends the function around it.
(defun end-of-function ()
  (with-open-file (stream *source* :external-format :utf-8)
    (let* ((text (let ((text (make-string (file-length stream))))
                   (subseq text 0 (read-sequence text stream))))
           (start (search *wrapped* text))
           (*read-suppress* t)
           (end (and start (1- (nth-value 1 (read-from-string text t nil :start start)))))
           (line-start (and end (position #\Newline text :end end :from-end t))))
      (and end (cons (1+ (count #\Newline text :end end))
                     (- end (or line-start -1)))))))

(defun say-input-error (condition)
  (let* ((text (princ-to-string condition))
         (body (subseq text (min (length text) (+ 2 (or (search (format nil "~2%") text) 0)))))
         (message (subseq body 0 (search (format nil "~2%") body)))
         (form-line (number-after "starting at line: " text))
         (line (number-after "Line: " text)))
    (cond (form-line
           ;; Its end is the end of the text.
           (say (cons form-line (1+ (or (number-after "column: " text) 0)))
                "error" "end of file: the form that begins here is not closed"))
          (t
           (say (or (and *function-mode*
                         (search "unmatched close parenthesis" text)
                         (ignore-errors (end-of-function)))
                    (and line (cons line (or (number-after "Column: " text) 1))))
                "error" message)))
    (leave)))

(defun say-error (condition)
  (let ((inner (sb-int:encapsulated-condition condition)))
    (if (typep inner 'sb-c::input-error-in-compile-file)
        (say-input-error inner)
        (say-condition "error" condition))))

(defun say-undefined ()
  (dolist (warning (reverse sb-c::*undefined-warnings*))
    (let ((contexts (sb-c::undefined-warning-warnings warning)))
      (say (and contexts (place-of-context (car (last contexts))))
           "warning"
           (format nil "undefined ~(~a~): ~s"
                   (sb-c::undefined-warning-kind warning)
                   (sb-c::undefined-warning-name warning)))))
  (setf sb-c::*undefined-warnings* nil))

;;; Compiling

(defun compile-student ()
  (let ((*package* (find-package "CL-USER"))
        (*readtable* (copy-readtable))
        (*error-output* (make-broadcast-stream)))
    (note-places)
    (with-compilation-unit ()
      (handler-bind ((sb-c:compiler-error #'say-error)
                     (sb-ext:compiler-note #'muffle-warning)
                     (warning (lambda (condition)
                                (say-condition "warning" condition)
                                (muffle-warning condition))))
        (compile-file *source* :output-file "/box/student.fasl" :external-format :utf-8))
      (say-undefined)))
  (when (or *failed* (not (probe-file "/box/student.fasl")))
    (leave)))

(defun compile-text (name text)
  (let ((file (format nil "/box/~a.lisp" name))
        (*error-output* (make-broadcast-stream)))
    (with-open-file (out file :direction :output)
      (write-string text out))
    (compile-file file)))

;;; For each toplevel form the line of each form inside, in the order in which the debugger counts them.
(defun lines ()
  (if *source-info*
      (map 'vector
           (lambda (form index)
             (map 'vector
                  (lambda (path) (or (car (place-of path)) 0))
                  (sb-di:form-number-translations form index)))
           (toplevel-forms)
           (loop for index below (length (toplevel-forms)) collect index))
      #()))

(defun join (files)
  (with-open-file (out "/artifact" :direction :output :if-exists :overwrite
                                   :element-type '(unsigned-byte 8))
    (dolist (file files)
      (with-open-file (in file :element-type '(unsigned-byte 8))
        (let ((bytes (make-array (file-length in) :element-type '(unsigned-byte 8))))
          (read-sequence bytes in)
          (write-sequence bytes out))))))

(setf *compile-verbose* nil *compile-print* nil)
(proclaim '(sb-ext:muffle-conditions sb-ext:compiler-note))
(compile-student)
(let ((*error-output* (make-broadcast-stream)))
  (compile-file "/code/harness.lisp" :output-file "/box/harness.fasl"))
(compile-text "start" (with-standard-io-syntax
                        (format nil "(code-runner::start ~s '~s)" *function-mode* (lines))))
(compile-text "finish" "(code-runner::finish)")
(join '("/box/harness.fasl" "/box/start.fasl" "/box/student.fasl" "/box/finish.fasl"))
