#: what     files of a tebibyte and of four times the cap that hold nothing
#: id       A-032
#: control  files
#: limits   file_bytes=1048576
#: expect   ok
#: output   held
import errno, os

result = "held"
file = os.open("/box/giant", os.O_CREAT | os.O_WRONLY)
for size in (1 << 40, 4 << 20):
    try:
        os.truncate(file, size)
        result = f"ESCAPED {size} bytes"
    except OSError as error:
        if error.errno != errno.EFBIG:
            result = str(error)
print(result)
