"""Prints what only the inside of a box can tell: its names, its room, and what it refuses."""
import ctypes
import errno
import fcntl
import os
import socket

libc = ctypes.CDLL(None, use_errno=True)


def tried(what, attempt):
    try:
        attempt()
        print(what, "done")
    except OSError as error:
        print(what, errno.errorcode[error.errno])


def called(name, *arguments):
    def attempt():
        if getattr(libc, name)(*arguments) < 0:
            raise OSError(ctypes.get_errno(), name)

    tried(name, attempt)


print(os.uname().nodename, socket.gethostname(), os.getcwd(), os.getgroups(), os.getresuid(), os.getresgid())
domain = ctypes.create_string_buffer(65)
libc.getdomainname(domain, 65)
print(domain.value, sorted(os.listdir("/")), sorted(os.listdir("/code")), sorted(os.listdir("/dev")))
for place in ["/", "/box", "/tmp", "/dev", "/dev/shm", "/code", "/usr/bin", "/proc"]:
    room = os.statvfs(place)
    print(place, room.f_blocks if place in ("/box", "/tmp", "/dev/shm", "/dev") else "", room.f_files < 10000, room.f_flag)
    tried("write " + place, lambda: os.close(os.open(place + "/new", os.O_CREAT | os.O_WRONLY)))
# With Landlock no call of this kind reaches a device; without it the device would say that it is no terminal.
tried("ioctl", lambda: fcntl.ioctl(os.open("/dev/zero", os.O_RDONLY), 0x5401))
tried("device", lambda: os.write(os.open("/dev/null", os.O_WRONLY), b"x"))
called("mount", b"none", b"/tmp", b"tmpfs", 0, None)
called("unshare", 0x10000000)
called("chroot", b"/tmp")
called("setuid", 0)
called("sethostname", b"x", 1)
tried("socket", lambda: socket.socket(socket.AF_INET))
tried("signal", lambda: os.kill(1, 0))
print(input())
