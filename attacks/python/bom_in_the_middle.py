#: what     a mark of the byte order where no file begins
#: id       A-066
#: expect   compile_error
#: error    invalid non-printable character U+FEFF
x = 1
﻿print(x)
