#: what     empty files until refused
#: id       A-033
#: control  files
#: expect   ok
#: output   refused
try:
    for number in range(100_000):
        open(f"/box/{number}", "w").close()
except OSError:
    print("refused")
