//! The system calls no safe wrapper covers, and those that must be refused. One function per call; no decisions.

#![allow(unsafe_code)]

use std::io;
use std::os::fd::{FromRawFd, OwnedFd};

use libc::c_long;

/// An address at which nothing is ever mapped: the kernel keeps the first page free (`vm.mmap_min_addr`), and
/// where it does not, nobody has put anything there.
const NOWHERE: c_long = 1;
/// A descriptor that is not open.
const NO_FD: c_long = -1;
/// No process has this number.
const NO_PID: c_long = 0x7fff_ffff;
/// Flags and operations that no call has.
const WRONG: c_long = 0x7fff_fff0;
/// With it and without CLONE_SIGHAND clone(2) answers EINVAL before anything is made.
const CONTRADICTION: c_long = libc::CLONE_THREAD as c_long;
/// unshare(2) knows nothing it could do about it and answers EINVAL.
const NOT_SHARED: c_long = libc::CLONE_VFORK as c_long;

/// A call that must be refused before the kernel looks at its arguments.
pub struct Forbidden {
    name: &'static str,
    number: c_long,
    arguments: [c_long; 6],
}

impl Forbidden {
    /// Its name, and which of several it is.
    pub fn name(&self) -> &'static str {
        self.name
    }
}

macro_rules! forbidden {
    ($( $name:literal: $number:ident( $($argument:expr),* ); )*) => {
        &[ $( Forbidden { name: $name, number: libc::$number, arguments: padded(&[$($argument),*]) } ),* ]
    };
}

const fn padded(given: &[c_long]) -> [c_long; 6] {
    let mut all = [0; 6];
    let mut index = 0;
    while index < given.len() {
        all[index] = given[index];
        index += 1;
    }
    all
}

/// None of them does anything where it is executed, not even for root: each has an argument that is wrong. Only
/// `personality` is right, and changes where the next program of this process would lie.
///
/// Where the kernel asks for a capability before it looks at the arguments, its answer is the filter's. Then
/// there are still two walls that would have to fall, and the other one is tried by itself.
pub const FORBIDDEN: &[Forbidden] = forbidden! {
    // Mounts and namespaces.
    "mount": SYS_mount(NOWHERE, NOWHERE, NOWHERE, 0, NOWHERE);
    "umount2": SYS_umount2(NOWHERE, WRONG);
    "pivot_root": SYS_pivot_root(NOWHERE, NOWHERE);
    "chroot": SYS_chroot(NOWHERE);
    "fsopen": SYS_fsopen(NOWHERE, WRONG);
    "fsmount": SYS_fsmount(NO_FD, WRONG);
    "fsconfig": SYS_fsconfig(NO_FD, WRONG);
    "fspick": SYS_fspick(NO_FD, NOWHERE, WRONG);
    "move_mount": SYS_move_mount(NO_FD, NOWHERE, NO_FD, NOWHERE, WRONG);
    "open_tree": SYS_open_tree(NO_FD, NOWHERE, WRONG);
    "mount_setattr": SYS_mount_setattr(NO_FD, NOWHERE, WRONG);
    "unshare(user)": SYS_unshare(libc::CLONE_NEWUSER as c_long | NOT_SHARED);
    "unshare(mount)": SYS_unshare(libc::CLONE_NEWNS as c_long | NOT_SHARED);
    "unshare(files)": SYS_unshare(libc::CLONE_FILES as c_long | NOT_SHARED);
    "setns": SYS_setns(NO_FD, 0);
    "clone(user)": SYS_clone(libc::CLONE_NEWUSER as c_long | CONTRADICTION);
    "clone(mount)": SYS_clone(libc::CLONE_NEWNS as c_long | CONTRADICTION);
    "clone(pid)": SYS_clone(libc::CLONE_NEWPID as c_long | CONTRADICTION);
    "clone(net)": SYS_clone(libc::CLONE_NEWNET as c_long | CONTRADICTION);
    "clone(ipc)": SYS_clone(libc::CLONE_NEWIPC as c_long | CONTRADICTION);
    "clone(uts)": SYS_clone(libc::CLONE_NEWUTS as c_long | CONTRADICTION);
    "clone(cgroup)": SYS_clone(libc::CLONE_NEWCGROUP as c_long | CONTRADICTION);
    "clone3": SYS_clone3(NOWHERE, 0);
    // Other processes.
    "ptrace": SYS_ptrace(WRONG, NO_PID);
    "process_vm_readv": SYS_process_vm_readv(NO_PID, NOWHERE, 1, NOWHERE, 1, WRONG);
    "process_vm_writev": SYS_process_vm_writev(NO_PID, NOWHERE, 1, NOWHERE, 1, WRONG);
    "process_madvise": SYS_process_madvise(NO_FD, NOWHERE, 1, 0, WRONG);
    "pidfd_getfd": SYS_pidfd_getfd(NO_FD, 0, WRONG);
    "kcmp": SYS_kcmp(NO_PID, NO_PID, WRONG);
    "move_pages": SYS_move_pages(NO_PID, 0, 0, 0, 0, WRONG);
    "migrate_pages": SYS_migrate_pages(NO_PID, 0, 0, 0);
    // Large or privileged parts of the kernel.
    "bpf": SYS_bpf(WRONG, NOWHERE, 0);
    "perf_event_open": SYS_perf_event_open(NOWHERE, 0, -1, -1, WRONG);
    "userfaultfd": SYS_userfaultfd(WRONG | 1);
    "io_uring_setup": SYS_io_uring_setup(0, NOWHERE);
    "io_uring_enter": SYS_io_uring_enter(NO_FD, 0, 0, WRONG);
    "io_uring_register": SYS_io_uring_register(NO_FD, WRONG);
    "keyctl": SYS_keyctl(WRONG);
    "add_key": SYS_add_key(NOWHERE, NOWHERE, NOWHERE, 1, 0);
    "request_key": SYS_request_key(NOWHERE, NOWHERE, 0, 0);
    "init_module": SYS_init_module(NOWHERE, 1, NOWHERE);
    "finit_module": SYS_finit_module(NO_FD, NOWHERE, WRONG);
    "delete_module": SYS_delete_module(NOWHERE, 0);
    "kexec_load": SYS_kexec_load(0, WRONG, NOWHERE, WRONG);
    "kexec_file_load": SYS_kexec_file_load(NO_FD, NO_FD, 0, NOWHERE, WRONG);
    "reboot": SYS_reboot(0, 0, 0);
    "swapon": SYS_swapon(NOWHERE, WRONG);
    "swapoff": SYS_swapoff(NOWHERE);
    "acct": SYS_acct(NOWHERE);
    "quotactl": SYS_quotactl(WRONG, NOWHERE);
    "syslog": SYS_syslog(WRONG);
    "iopl": SYS_iopl(WRONG);
    "ioperm": SYS_ioperm(0, WRONG, 1);
    "modify_ldt": SYS_modify_ldt(1, NOWHERE, 16);
    "sethostname": SYS_sethostname(NOWHERE, 1);
    "setdomainname": SYS_setdomainname(NOWHERE, 1);
    "settimeofday": SYS_settimeofday(NOWHERE, 0);
    "clock_settime": SYS_clock_settime(0, NOWHERE);
    "clock_adjtime": SYS_clock_adjtime(0, NOWHERE);
    "adjtimex": SYS_adjtimex(NOWHERE);
    "mbind": SYS_mbind(0, 0, WRONG, 0, 0, WRONG);
    "set_mempolicy": SYS_set_mempolicy(WRONG);
    "personality(no randomisation)": SYS_personality(libc::ADDR_NO_RANDOMIZE as c_long);
    // Files by other ways than their paths, and what reaches other boxes through files they share.
    "open_by_handle_at": SYS_open_by_handle_at(NO_FD, NOWHERE, 0);
    "name_to_handle_at": SYS_name_to_handle_at(NO_FD, NOWHERE, NOWHERE, NOWHERE, WRONG);
    "openat2": SYS_openat2(NO_FD, NOWHERE, NOWHERE, 0);
    "memfd_secret": SYS_memfd_secret(WRONG);
    "mknod": SYS_mknod(NOWHERE, libc::S_IFCHR as c_long, 0);
    "mknodat": SYS_mknodat(NO_FD, NOWHERE, libc::S_IFCHR as c_long, 0);
    "flock": SYS_flock(NO_FD, libc::LOCK_EX as c_long);
    "fanotify_init": SYS_fanotify_init(WRONG, 0);
    "inotify_init1": SYS_inotify_init1(WRONG);
    "inotify_add_watch": SYS_inotify_add_watch(NO_FD, NOWHERE, 1);
    "mq_open": SYS_mq_open(NOWHERE, 0);
    "setxattr": SYS_setxattr(NOWHERE, NOWHERE, NOWHERE, 0, WRONG);
    "fcntl(lease)": SYS_fcntl(NO_FD, libc::F_SETLEASE as c_long, 0);
    "fcntl(notify)": SYS_fcntl(NO_FD, libc::F_NOTIFY as c_long, 0);
    "ioctl(type into the terminal)": SYS_ioctl(NO_FD, libc::TIOCSTI as c_long, NOWHERE);
    "ioctl(paste into the terminal)": SYS_ioctl(NO_FD, libc::TIOCLINUX as c_long, NOWHERE);
    "prctl(bounding set)": SYS_prctl(libc::PR_CAPBSET_DROP as c_long, WRONG);
    "prctl(secure bits)": SYS_prctl(libc::PR_SET_SECUREBITS as c_long, WRONG);
    "prctl(memory map)": SYS_prctl(libc::PR_SET_MM as c_long, WRONG);
    "prctl(tracer)": SYS_prctl(libc::PR_SET_PTRACER as c_long, NO_PID);
};

/// Makes the call and says what came of it.
pub fn attempt(call: &Forbidden) -> io::Result<()> {
    let [a, b, c, d, e, f] = call.arguments;
    // SAFETY: only this file makes values of this type, and in all of them what the kernel takes for an address
    // is null or NOWHERE, where no memory of ours lies. No call gives back a second process: clone is always
    // told CONTRADICTION.
    check(unsafe { libc::syscall(call.number, a, b, c, d, e, f) }).map(drop)
}

fn check(result: c_long) -> io::Result<c_long> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

/// socket(2).
pub fn make_socket(family: i32, kind: i32) -> io::Result<OwnedFd> {
    // SAFETY: the call takes numbers only.
    let fd = check(unsafe { libc::socket(family, kind, 0) }.into())?;
    // SAFETY: the kernel has just opened this descriptor, and nobody else has it.
    Ok(unsafe { OwnedFd::from_raw_fd(i32::try_from(fd).map_err(io::Error::other)?) })
}

/// getpid(2) by its number among the x32 calls, which share the entry of the 64-bit ones. `None` if refused.
pub fn pid_by_x32_call() -> Option<c_long> {
    const X32: c_long = 0x4000_0000;
    // SAFETY: getpid takes no argument, and no other call has this number.
    check(unsafe { libc::syscall(libc::SYS_getpid | X32) }).ok()
}

/// getpid(2) through the entry of 32-bit programs. `None` if refused, which kills whoever tries: a child does.
pub fn pid_by_32_bit_call() -> io::Result<Option<u8>> {
    // SAFETY: this program has one thread, so the child is a full copy and may do anything.
    let child = check(unsafe { libc::fork() }.into())?;
    if child == 0 {
        let mut result: i64 = 20; // getpid among the calls of i386
        // SAFETY: the call touches no memory; the kernel's 32-bit entry may clear r8 to r11, which are named.
        unsafe {
            std::arch::asm!("int 0x80", inout("rax") result, out("r8") _, out("r9") _, out("r10") _, out("r11") _);
            libc::_exit(i32::from(u8::try_from(result).unwrap_or(0)));
        }
    }
    let mut status = 0;
    // SAFETY: the pointer is to a local variable, valid for the duration of the call.
    check(unsafe { libc::waitpid(i32::try_from(child).map_err(io::Error::other)?, &raw mut status, 0) }.into())?;
    let code = libc::WIFEXITED(status).then(|| libc::WEXITSTATUS(status));
    Ok(code.and_then(|code| u8::try_from(code).ok()).filter(|pid| *pid > 0))
}

/// A child that waits for ever.
pub fn start_sleeper() -> io::Result<()> {
    // SAFETY: this program has one thread, so the child is a full copy and may do anything; it never returns.
    if check(unsafe { libc::fork() }.into())? == 0 {
        loop {
            // SAFETY: pause takes nothing.
            unsafe { libc::pause() };
        }
    }
    Ok(())
}

/// A write beyond the largest file fails with EFBIG instead of ending the program.
pub fn ignore_file_size_signal() {
    // SAFETY: SIG_IGN installs no handler.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
}

/// mlock(2) of one page of our own.
pub fn mlock_a_page() -> io::Result<()> {
    let page = [0_u8; 4096];
    // SAFETY: the memory is a local array; locking it changes nothing of its content.
    check(unsafe { libc::mlock(page.as_ptr().cast(), page.len()) }.into()).map(drop)
}
