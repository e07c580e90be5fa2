#: what     tries to create a file in every folder it can see
#: expect   ok
#: output   /box /dev/shm /tmp
import os

written = []
for folder, folders, files in os.walk("/"):
    if folder.startswith("/proc"):
        folders.clear()
        continue
    try:
        with open(os.path.join(folder, "mark"), "w"):
            written.append(folder)
    except OSError:
        pass
print(*sorted(written))
