#: what     bytes that are not text are shown as documented
#: id       A-031
#: expect   ok
#: output   a�b
import os

os.write(1, b"a\xffb")
