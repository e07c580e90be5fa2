//! What programs can not reach.

use super::Check;
use runner::container::wire;

use super::bench::{UID, User, c, job, printed, python, run, start_with};

pub const CHECKS: &[(&str, Check)] = &[
    ("programs_are_an_ordinary_user_without_rights", identity),
    ("there_is_no_network", network),
    ("calls_that_reach_outside_are_refused", calls),
    ("there_are_no_new_namespaces", namespaces),
    ("set_user_id_programs_give_nothing", set_user_id),
    ("the_environment_is_the_jobs", environment),
    ("only_three_descriptors_are_open", descriptors),
    ("only_the_scratch_space_can_be_written", read_only),
    ("the_runner_can_not_be_looked_into", runner_closed),
    ("what_kills_everything_kills_itself", kill_everything),
    ("the_runners_limits_can_not_be_lowered", runner_limits),
    ("an_engine_that_opens_itself_to_programs_is_refused", open_engine),
];

fn identity(user: User) {
    let code = "import re\nstatus = open('/proc/self/status').read()\n\
        for name in ['Uid', 'Gid', 'Groups', 'CapInh', 'CapPrm', 'CapEff', 'CapAmb', 'NoNewPrivs', 'Seccomp']:\n\
        \x20   print(name, *re.search(rf'^{name}:(.*)$', status, re.M).group(1).split())";
    let ids = format!("{UID} {UID} {UID} {UID}");
    let none = "0000000000000000";
    let expected = format!(
        "Uid {ids}\nGid {ids}\nGroups\nCapInh {none}\nCapPrm {none}\nCapEff {none}\nCapAmb {none}\nNoNewPrivs 1\nSeccomp 2\n"
    );
    assert_eq!(printed(&python(code, &[""]), user), expected);
}

fn network(user: User) {
    let code = "import socket\nfor family in range(1, 46):\n    for kind in (1, 2, 3):\n        try:\n\
        \x20           socket.socket(family, kind).close()\n            print(family)\n\
        \x20       except OSError as error:\n            if error.errno != 1 and family != 1: print(family, error)";
    // AF_UNIX, stream and datagram; raw ones become datagram.
    assert_eq!(printed(&python(code, &[""]), user), "1\n1\n1\n");
    let pair = "import socket\na, b = socket.socketpair()\na.send(b'x')\nprint(b.recv(1))";
    assert_eq!(printed(&python(pair, &[""]), user), "b'x'\n", "processes may talk among themselves");
}

/// By number (x86-64), with zeros: refused is EPERM or ENOSYS, before any argument is looked at.
fn calls(user: User) {
    let code = "#define _GNU_SOURCE\n#include <errno.h>\n#include <stdio.h>\n#include <sys/syscall.h>\n#include <unistd.h>\n\
        #define T(n) errno = 0; if (syscall(SYS_##n, 0, 0, 0, 0, 0, 0) != -1 || (errno != EPERM && errno != ENOSYS)) \
        printf(#n \" %d\\n\", errno);\n\
        int main(void) { T(ptrace) T(process_vm_readv) T(process_vm_writev) T(io_uring_setup) T(io_uring_enter) T(bpf)\
        T(keyctl) T(add_key) T(request_key) T(userfaultfd) T(mount) T(umount2) T(unshare) T(setns) T(clone3) T(pivot_root)\
        T(chroot) T(perf_event_open) T(init_module) T(kexec_load) T(open_by_handle_at) T(memfd_create) T(shmget) T(semget)\
        T(msgget) T(mq_open) T(seccomp) T(swapon) T(reboot) T(acct) T(fanotify_init) T(pidfd_getfd) puts(\"end\"); }";
    assert_eq!(printed(&c(code, &[""]), user), "end\n");
}

fn namespaces(user: User) {
    let code = "#define _GNU_SOURCE\n#include <errno.h>\n#include <sched.h>\n#include <stdio.h>\n#include <sys/syscall.h>\n\
        #include <unistd.h>\nint main(void) { unsigned long flags[] = { CLONE_NEWUSER, CLONE_NEWNET, CLONE_NEWPID, CLONE_NEWNS,\
        CLONE_NEWIPC, CLONE_NEWUTS, CLONE_NEWCGROUP }; for (int i = 0; i < 7; i++) {\
        long made = syscall(SYS_clone, flags[i], 0, 0, 0, 0); if (made == 0) _exit(0);\
        if (made > 0 || errno != EPERM) printf(\"%lx\\n\", flags[i]); } puts(\"end\"); }";
    assert_eq!(printed(&c(code, &[""]), user), "end\n");
}

fn set_user_id(user: User) {
    assert_eq!(printed(&job("su -c id root 2>/dev/null || echo refused", &[""]), user), "refused\n");
}

fn environment(user: User) {
    let code = "import os\nprint(sorted(os.environ))";
    let expected = "['HOME', 'LANG', 'PATH', 'TMPDIR']\n";
    assert_eq!(printed(&python(code, &[""]), user), expected);
}

fn descriptors(user: User) {
    let code =
        "import os\nprint(sorted(int(n) for n in os.listdir('/proc/self/fd'))[:3], os.listdir('/proc/self/fd')[3:])";
    assert_eq!(printed(&python(code, &[""]), user), "[0, 1, 2] ['3']\n", "the fourth is that of the listing");
}

fn read_only(user: User) {
    let code = "import os\nfor path in ['/code/x', '/answer', '/artifact', '/x', '/var/tmp/x', '/usr/x', '/dev/x', '/etc/passwd',\
        '/proc/1/comm', '/proc/1/oom_score_adj', '/dev/shm/x', '/box/x', '/tmp/x']:\n    try:\n        open(path, 'a').close()\n\
        \x20       print(path)\n    except OSError: pass";
    assert_eq!(printed(&python(code, &[""]), user), "/var/tmp/x\n/dev/shm/x\n/box/x\n/tmp/x\n");
}

fn runner_closed(user: User) {
    let code = "import os\nfor name in ['mem', 'maps', 'environ', 'fd/0', 'fd/1', 'root', 'cwd', 'auxv', 'syscall', 'stack']:\n\
        \x20   try:\n        open('/proc/1/' + name, 'rb').read(1)\n        print(name)\n    except OSError: pass\n\
        try: print(os.listdir('/proc/1/fd'))\nexcept OSError as error: print(error.errno)";
    assert_eq!(printed(&python(code, &[""]), user), "13\n");
}

fn kill_everything(user: User) {
    let code = "import os, signal, sys\nif sys.stdin.read() == 'kill':\n    for number in range(1, 65):\n        try: os.kill(1, number)\n\
        \x20       except OSError: pass\n    try: os.kill(-1, signal.SIGKILL)\n    except OSError: pass\n    os.kill(0, signal.SIGKILL)\nprint('here')";
    let done = run(&python(code, &["", "kill", ""]), user).expect("is done");
    let endings: Vec<_> = done.runs.iter().map(|facts| format!("{:?}", facts.ending)).collect();
    assert_eq!(endings, ["Exited(0)", "Signaled(9)", "Exited(0)"]);
}

fn runner_limits(user: User) {
    let code = "import resource, os\nfor limit in range(16):\n    try:\n        resource.prlimit(1, limit, (0, 0))\n        print(limit)\n\
        \x20   except OSError: pass\ntry:\n    os.setpriority(os.PRIO_PROCESS, 1, 19)\n    print('nice')\nexcept OSError: pass\n\
        try:\n    os.setpriority(os.PRIO_USER, 0, 19)\n    print('nice')\nexcept OSError: pass\nprint('end')";
    assert_eq!(printed(&python(code, &[""]), user), "end\n");
}

fn open_engine(user: User) {
    let job = job("echo hello", &[""]);
    for name in ["DAGGER_SESSION_TOKEN", "DAGGER_SESSION_PORT"] {
        let text = wire::encode_job(&job).expect("is small");
        let output = start_with(text.as_bytes(), user, &format!("{name}=1")).output();
        let refused = wire::open_envelope(&String::from_utf8_lossy(&output.stdout), &job).expect_err("is refused");
        assert!(refused.contains(&format!("the engine opens itself to programs ({name} is set)")), "{refused}");
    }
}
