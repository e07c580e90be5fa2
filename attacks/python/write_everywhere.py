#: what     creates, appends, renames, makes folders and links, and changes modes and times everywhere it can see
#: id       A-075
#: control  readonly+landlock
#: expect   ok
#: output   /box /dev/shm /tmp
import os

written = set()


def attempt(place, action, *arguments):
    try:
        action(*arguments)
        written.add(place)
        return True
    except OSError:
        return False


def create(path):
    with open(path, "x"):
        pass


for folder, folders, files in os.walk("/"):
    if folder.startswith("/proc"):
        folders.clear()
        continue
    mark = os.path.join(folder, "mark")
    # Removed as soon as they are made: nothing may stay where it should not have been possible.
    if attempt(folder, create, mark):
        attempt(folder, os.unlink, mark)
    if attempt(folder, os.mkdir, mark):
        attempt(folder, os.rmdir, mark)
    if attempt(folder, os.symlink, "nowhere", mark):
        attempt(folder, os.unlink, mark)
    attempt(folder, os.utime, folder)
    for name in files:
        path = os.path.join(folder, name)
        if folder == "/dev" or os.path.islink(path):
            continue
        attempt(path, os.chmod, path, os.stat(path).st_mode & 0o777)
        attempt(path, lambda: os.close(os.open(path, os.O_WRONLY | os.O_APPEND)))
        if attempt(path, os.rename, path, path + ".moved"):
            attempt(path, os.rename, path + ".moved", path)
print(*sorted(written))
