//! System calls by name, and what each answers when it is made to fail.

/// A name for each number that we have met. Others are named by their number.
macro_rules! names {
    ($($constant:ident $name:literal),* $(,)?) => {
        /// The name of this number.
        pub fn name(number: i64) -> String {
            match number {
                $(libc::$constant => $name.to_owned(),)*
                other => format!("call_{other}"),
            }
        }
    };
}

names! {
    SYS_access "access", SYS_arch_prctl "arch_prctl", SYS_brk "brk", SYS_capget "capget", SYS_capset "capset",
    SYS_chdir "chdir", SYS_chmod "chmod", SYS_chown "chown", SYS_clone "clone", SYS_clone3 "clone3", SYS_close "close",
    SYS_close_range "close_range", SYS_copy_file_range "copy_file_range", SYS_dup "dup", SYS_dup2 "dup2",
    SYS_dup3 "dup3", SYS_epoll_create1 "epoll_create1", SYS_eventfd2 "eventfd2", SYS_execve "execve",
    SYS_execveat "execveat", SYS_exit "exit", SYS_exit_group "exit_group", SYS_faccessat2 "faccessat2",
    SYS_fchmod "fchmod", SYS_fchmodat "fchmodat", SYS_fchown "fchown", SYS_fchownat "fchownat", SYS_fcntl "fcntl",
    SYS_fdatasync "fdatasync", SYS_flock "flock", SYS_fork "fork", SYS_fstat "fstat", SYS_fstatfs "fstatfs",
    SYS_fsync "fsync", SYS_futex "futex", SYS_getcwd "getcwd", SYS_getdents64 "getdents64", SYS_getegid "getegid",
    SYS_geteuid "geteuid", SYS_getgid "getgid", SYS_getpid "getpid", SYS_getppid "getppid", SYS_getrandom "getrandom",
    SYS_gettid "gettid", SYS_getuid "getuid", SYS_ioctl "ioctl", SYS_kill "kill",
    SYS_landlock_add_rule "landlock_add_rule", SYS_landlock_create_ruleset "landlock_create_ruleset",
    SYS_landlock_restrict_self "landlock_restrict_self", SYS_lseek "lseek", SYS_lstat "lstat", SYS_madvise "madvise",
    SYS_mkdir "mkdir", SYS_mkdirat "mkdirat", SYS_mknodat "mknodat", SYS_mmap "mmap", SYS_mount "mount",
    SYS_mprotect "mprotect", SYS_mremap "mremap", SYS_munmap "munmap", SYS_newfstatat "newfstatat", SYS_open "open",
    SYS_openat "openat", SYS_pidfd_open "pidfd_open", SYS_pidfd_send_signal "pidfd_send_signal", SYS_pipe2 "pipe2",
    SYS_pivot_root "pivot_root", SYS_poll "poll", SYS_ppoll "ppoll", SYS_prctl "prctl", SYS_pread64 "pread64",
    SYS_prlimit64 "prlimit64", SYS_pwrite64 "pwrite64", SYS_read "read", SYS_readlink "readlink",
    SYS_readlinkat "readlinkat", SYS_recvfrom "recvfrom", SYS_recvmsg "recvmsg", SYS_restart_syscall "restart_syscall",
    SYS_rmdir "rmdir", SYS_rseq "rseq", SYS_rt_sigaction "rt_sigaction", SYS_rt_sigprocmask "rt_sigprocmask",
    SYS_sched_getaffinity "sched_getaffinity", SYS_sched_yield "sched_yield", SYS_seccomp "seccomp",
    SYS_sendfile "sendfile", SYS_sendmsg "sendmsg", SYS_sendto "sendto", SYS_set_robust_list "set_robust_list",
    SYS_set_tid_address "set_tid_address", SYS_setdomainname "setdomainname", SYS_setgroups "setgroups",
    SYS_sethostname "sethostname", SYS_setns "setns", SYS_setresgid "setresgid", SYS_setresuid "setresuid",
    SYS_setrlimit "setrlimit", SYS_setsid "setsid", SYS_sigaltstack "sigaltstack", SYS_socketpair "socketpair",
    SYS_stat "stat", SYS_statfs "statfs", SYS_statx "statx", SYS_symlink "symlink", SYS_symlinkat "symlinkat",
    SYS_tgkill "tgkill", SYS_umask "umask", SYS_umount2 "umount2", SYS_uname "uname", SYS_unlink "unlink",
    SYS_unlinkat "unlinkat", SYS_unshare "unshare", SYS_vfork "vfork", SYS_wait4 "wait4", SYS_waitid "waitid",
    SYS_write "write",
}

/// What a failing call answers: the error that call gives on a bad day. EPERM from `mknodat` would be no failure, but how
/// a user namespace says that nobody makes devices there.
pub fn error_of(name: &str) -> i32 {
    match name {
        "clone" | "clone3" | "fork" | "mmap" | "brk" | "mprotect" => libc::ENOMEM,
        "capset"
        | "chown"
        | "fchownat"
        | "landlock_restrict_self"
        | "mount"
        | "pivot_root"
        | "prctl"
        | "prlimit64"
        | "seccomp"
        | "setdomainname"
        | "setgroups"
        | "sethostname"
        | "setresgid"
        | "setresuid"
        | "setns"
        | "setsid"
        | "umount2"
        | "unshare" => libc::EPERM,
        _ => libc::EIO,
    }
}

/// Does it happen although it answers with an error? The kernel frees the descriptor in any case (close(2)).
pub fn happens_anyway(name: &str) -> bool {
    name == "close"
}
