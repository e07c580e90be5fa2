print '(A)', 'debug'
answer = input_str
