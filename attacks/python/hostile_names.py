#: what     names that a shell, a listing or a cleaner might trip over; the next run finds none of them
#: id       A-035
#: control  shared_scratch
#: inputs   first;second
#: expect   ok;ok
#: output   held;held
import os

NAMES = [b"line\nline", b"-rf", b"--", b"-", b"n" * 255, b"\xff\xfe", b"\xed\xa0\x80", b"$(touch made)", b"`touch made`",
         b"*", b"?", b"[a-z]", b"~", b"a b", b"'", b'"', b"\\", b";", b"\x1b[2J", b"\r", b"%s%n", b"...", b"\xe2\x80\xae", b"{}"]
for folder in (b"/box", b"/tmp", b"/dev/shm"):
    left = os.listdir(folder)
    if left:
        print("ESCAPED", folder, sorted(left)[:3])
    for name in NAMES:
        os.mkdir(os.path.join(folder, name))
        open(os.path.join(folder, name, name), "w").close()
    assert sorted(os.listdir(folder)) == sorted(NAMES)
print("held")
