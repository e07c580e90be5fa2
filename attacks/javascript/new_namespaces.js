//: what     brings a native program that calls unshare, setns, mount, chroot, ptrace and others: all are refused
//: id       A-092 A-093 A-095
//: control  seccomp
//: expect   ok
//: output   refused
const { execFileSync } = require('child_process');
const fs = require('fs');

// A program of 482 bytes for x86-64, which calls, by number and with zeros: unshare, setns, mount, umount2, chroot,
// pivot_root, ptrace, bpf, keyctl, add_key, init_module, kexec_load, reboot, swapon, sethostname, perf_event_open,
// process_vm_readv, userfaultfd, io_uring_setup, fsopen, open_by_handle_at, mknod, settimeofday, clone3, quotactl, acct,
// syslog, iopl, modify_ldt; and says `refused` if each of them gave EPERM or ENOSYS.
const program = `
f0VMRgIBAQAAAAAAAAAAAAIAPgABAAAAsABAAAAAAABAAAAAAAAAAAAAAAAAAAAAAAAAAEAAOAACAAAAAAAAAAEAAAAHAAAAsAAA
AAAAAACwAEAAAAAAALAAQAAAAAAA6gAAAAAAAADqAAAAAAAAACAAAAAAAAAAUeV0ZAYAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
AAAAAAAAAAAAAAAAAAAAAAAAEAAAAAAAAABBVEUx5FVTMdsx7UUx0kUxwEUxyUsPv4QkYAFAAEiJ70iJ7kiJ6g8FSIP4/w+VwkiD
+NoPlcBJ/8QPtsAh0AHDSYP8HXXDhdu4QAFAAL5JAUAAuggAAABID0XwuAEAAABIiccPBbg8AAAASGP7SInuSInqDwVbXUFcwwAA
AAAAAAAAAAAAAAAAAAAAAAAAAAByZWFjaGVkCgByZWZ1c2VkCgAAAAAAAAAAAAAAAAAAABABNAGlAKYAoQCbAGUAQQH6APgArwD2
AKkApwCqACoBNgFDAakBrgEwAYUApACzAbMAowBnAKwAmgBHQ0M6IChEZWJpYW4gMTIuMi4wLTE0K2RlYjEydTEpIDEyLjIuMAAA
LnNoc3RydGFiAC50ZXh0AC5yb2RhdGEALmNvbW1lbnQ=`;
fs.writeFileSync('/tmp/program', Buffer.from(program, 'base64'), { mode: 0o700 });
process.stdout.write(execFileSync('/tmp/program'));
