#: what     an expression in a million brackets, each a call of the shell's own
#: id       A-021
#: expect   runtime_error
#: error    SIGSEGV
brackets=$(printf '%*s' 1000000 '' | tr ' ' '(')
echo $(($brackets 1))
