(let ((mark (sb-thread:make-thread (lambda () (sleep 0.01) "!"))))
  (concatenate 'string input_str (sb-thread:join-thread mark)))
