"""A small disk of its own, on which the power can be cut.

It is ext4 in a file on a loop device. `cut` is EXT4_IOC_SHUTDOWN with the flag that leaves the journal as it is on the
disk, which the tests of Linux' filesystems (xfstests, `godown -f`) use for the same: from then on nothing reaches the
disk any more, and what had not been written is lost with the memory that held it. What it does not show is a disk that
lies about its own cache, because the file behind it is the host's.
"""
import fcntl
import os
import pathlib
import struct
import subprocess
import time

# <linux/ext4.h>: _IOR('X', 125, __u32), and EXT4_GOING_FLAGS_NOLOGFLUSH.
SHUTDOWN = 0x8004587D
WITHOUT_THE_JOURNAL = struct.pack("I", 2)
SIZE = "256M"
# Seconds until the last process of a killed server has let go of the disk.
GONE = 10


class Disk:
    """One that is mounted on a folder called `disk` in `folder`."""

    def __init__(self, folder):
        self.image, self.mount_point = pathlib.Path(folder) / "image", pathlib.Path(folder) / "disk"
        self.mount_point.mkdir()
        # For the uid that the server will have.
        pathlib.Path(folder).chmod(0o711)
        subprocess.run(["truncate", "--size", SIZE, str(self.image)], check=True)
        subprocess.run(["mkfs.ext4", "-q", str(self.image)], check=True)
        self.is_mounted = False
        self.mount()

    def mount(self):
        subprocess.run(["mount", "-o", "loop", str(self.image), str(self.mount_point)], check=True)
        self.is_mounted = True

    def cut(self):
        """The power fails."""
        folder = os.open(self.mount_point, os.O_RDONLY)
        try:
            fcntl.ioctl(folder, SHUTDOWN, WITHOUT_THE_JOURNAL)
        finally:
            os.close(folder)

    def unmount(self):
        """When whoever used it has gone."""
        deadline = time.monotonic() + GONE
        while subprocess.run(["umount", str(self.mount_point)], capture_output=True).returncode != 0:
            if time.monotonic() > deadline:
                raise OSError(f"{self.mount_point} is still used")
            time.sleep(0.02)
        self.is_mounted = False
        self._wait_until_the_loop_device_is_free(deadline)

    def close(self):
        if self.is_mounted:
            self.unmount()

    def _wait_until_the_loop_device_is_free(self, deadline):
        """The kernel frees it when the last mount namespace that has it is gone."""
        while subprocess.run(["losetup", "-j", str(self.image)], capture_output=True, text=True).stdout.strip():
            if time.monotonic() > deadline:
                raise OSError(f"{self.image} is still used")
            time.sleep(0.02)
