#: what     a file of a tebibyte that holds nothing
#: expect   runtime_error
#: error    File too large
import os

os.truncate(os.open("/box/giant", os.O_CREAT | os.O_WRONLY), 1 << 40)
