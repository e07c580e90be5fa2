#: what     unshare, setns, mount, chroot, ptrace and other calls of root are refused
#: id       A-092 A-093 A-095
#: control  seccomp
#: expect   ok
#: output   refused
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
# By number (x86-64): unshare, setns, mount, umount2, chroot, pivot_root, ptrace, bpf, keyctl, add_key, init_module,
# kexec_load, reboot, swapon, sethostname, perf_event_open, process_vm_readv, userfaultfd, io_uring_setup, fsopen,
# open_by_handle_at, mknod, settimeofday, clone3, quotactl, acct, syslog, iopl, modify_ldt
calls = [272, 308, 165, 166, 161, 155, 101, 321, 250, 248, 175, 246, 169, 167, 170, 298, 310, 323, 425, 430,
         304, 133, 164, 435, 179, 163, 103, 172, 154]
reached = []
for number in calls:
    ctypes.set_errno(0)
    if libc.syscall(number, 0, 0, 0, 0, 0, 0) != -1 or ctypes.get_errno() not in (1, 38):
        reached.append((number, ctypes.get_errno()))
print(reached or "refused")
