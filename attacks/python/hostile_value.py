#: what     a value whose text can not be had
#: id       A-134
#: mode     function
#: expect   runtime_error
#: error    ZeroDivisionError
class Value:
    def __str__(self):
        return str(1 // 0)
return Value()
