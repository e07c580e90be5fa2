#: what     closes every descriptor before it does anything, opens others in their place and returns
#: id       A-128
#: mode     function
#: expect   ok
#: output   4
import os
os.closerange(0, 1024)
os.open("/dev/zero", os.O_RDONLY)
os.open("/dev/full", os.O_WRONLY)
os.open("/box/errors", os.O_WRONLY | os.O_CREAT)
return input_str
