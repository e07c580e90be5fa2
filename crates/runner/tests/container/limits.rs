//! Each limit, hit and just not hit.

use std::time::Duration;

use runner::container::wire::{Ending, Facts, Hit, Job};

use super::Check;
use super::bench::{User, c, facts, limits, printed, python, run, text};

pub const CHECKS: &[(&str, Check)] = &[
    ("cpu_time_of_one_process_is_counted", cpu_time),
    ("cpu_time_of_grandchildren_is_counted", cpu_time_of_grandchildren),
    ("cpu_time_of_children_nobody_waits_for_is_counted", cpu_time_of_ignored_children),
    ("who_sleeps_is_ended_by_the_clock", wall_time),
    ("who_stops_itself_is_ended_by_the_clock", stopped),
    ("memory_is_counted", memory),
    ("memory_of_all_processes_is_counted_together", memory_of_all),
    ("shared_memory_is_counted", shared_memory),
    ("a_name_that_is_no_text_hides_nothing", odd_name),
    ("memory_of_threads_without_their_first_is_counted", headless),
    ("files_in_memory_are_counted", files_in_memory),
    ("memory_just_below_the_limit_is_allowed", enough_memory),
    ("a_fork_bomb_is_ended", fork_bomb),
    ("no_more_processes_than_allowed", processes),
    ("a_flood_is_cut_off", flood),
    ("output_of_exactly_the_cap_is_kept", exactly_the_cap),
    ("a_file_may_be_as_large_as_all_files", large_file),
    ("many_files_together_are_too_large", many_files),
    ("many_empty_files_are_too_many", empty_files),
    ("no_more_descriptors_than_allowed", descriptors),
    ("the_envelope_is_bounded", bounded),
];

fn hit(job: &Job, user: User) -> Facts {
    let facts = facts(job, user);
    assert!(facts.hit.is_some(), "{facts:?}");
    facts
}

fn cpu_time(user: User) {
    let facts = hit(&c("int main(void) { for (;;) { } }", &[""]), user);
    assert_eq!((facts.hit, facts.ending), (Some(Hit::CpuTime), Ending::Killed));
    let limit = limits().cpu_time;
    assert!(facts.cpu_time > limit && facts.cpu_time < limit * 3 / 2, "{:?}", facts.cpu_time);
}

fn cpu_time_of_grandchildren(user: User) {
    let code = "#include <unistd.h>\nint main(void) { if (!fork()) { setsid(); if (!fork()) for (;;) { } _exit(0); } pause(); }";
    let facts = hit(&c(code, &[""]), user);
    assert_eq!(facts.hit, Some(Hit::CpuTime));
}

fn cpu_time_of_ignored_children(user: User) {
    // Where they are ignored wait(2) returns when all are gone, and nobody is told what they used.
    let code = "#include <signal.h>\n#include <sys/wait.h>\n#include <time.h>\n#include <unistd.h>\n\
        int main(void) { signal(SIGCHLD, SIG_IGN); for (;;) { if (!fork()) { clock_t end = clock() + CLOCKS_PER_SEC / 5;\
        while (clock() < end) { } _exit(0); } wait(0); } }";
    let facts = hit(&c(code, &[""]), user);
    assert_eq!(facts.hit, Some(Hit::CpuTime), "and not the clock: {facts:?}");
}

fn wall_time(user: User) {
    let mut job = python("import time; print('began', flush=True); time.sleep(60)", &[""]);
    job.run.limits.wall_time = Duration::from_millis(600);
    let facts = hit(&job, user);
    assert_eq!((facts.hit, &facts.ending), (Some(Hit::WallTime), &Ending::Killed));
    assert_eq!(text(&facts.stdout), "began\n", "what was printed is kept");
    assert!(facts.wall_time < Duration::from_millis(1600), "{:?}", facts.wall_time);
}

fn stopped(user: User) {
    let mut job = python("import os, signal; os.kill(os.getpid(), signal.SIGSTOP)", &[""]);
    job.run.limits.wall_time = Duration::from_millis(600);
    assert_eq!(hit(&job, user).hit, Some(Hit::WallTime));
}

fn memory(user: User) {
    let code = "#include <stdlib.h>\n#include <string.h>\n#include <unistd.h>\n\
        int main(void) { for (;;) { memset(malloc(1 << 20), 1, 1 << 20); usleep(1000); } }";
    let facts = hit(&c(code, &[""]), user);
    assert_eq!((facts.hit, &facts.ending), (Some(Hit::Memory), &Ending::Killed));
    let limit = limits().memory_kib;
    assert!(facts.memory_kib > limit && facts.memory_kib < limit * 3 / 2, "{} KiB", facts.memory_kib);
}

fn memory_of_all(user: User) {
    let code = "import os, time\nfor _ in range(8):\n    if os.fork() == 0:\n        data = os.urandom(20 << 20)\n        time.sleep(30)\n\
        time.sleep(30)";
    assert_eq!(hit(&python(code, &[""]), user).hit, Some(Hit::Memory));
}

fn shared_memory(user: User) {
    let code = "import mmap, os, time\npage = b'x' * (1 << 20)\nm = mmap.mmap(-1, 200 << 20)\n\
        for _ in range(200):\n    m.write(page)\ntime.sleep(30)";
    assert_eq!(hit(&python(code, &[""]), user).hit, Some(Hit::Memory));
}

/// What allocates, slowly enough to be looked at.
const EATS: &str = "static void *eat(void *nothing) { for (;;) { memset(malloc(1 << 20), 1, 1 << 20); usleep(1000); } return nothing; }";

fn odd_name(user: User) {
    let code = format!(
        "#include <stdlib.h>\n#include <string.h>\n#include <sys/prctl.h>\n#include <unistd.h>\n{EATS}\n\
        int main(void) {{ prctl(PR_SET_NAME, \"\\xff\\xfe) Z 1 (\\n\"); eat(0); }}"
    );
    assert_eq!(hit(&c(&code, &[""]), user).hit, Some(Hit::Memory));
}

fn headless(user: User) {
    let code = format!(
        "#include <pthread.h>\n#include <stdlib.h>\n#include <string.h>\n#include <unistd.h>\n{EATS}\n\
        int main(void) {{ pthread_t other; pthread_create(&other, 0, eat, 0); pthread_exit(0); }}"
    );
    assert_eq!(hit(&c(&code, &[""]), user).hit, Some(Hit::Memory));
}

fn files_in_memory(user: User) {
    let mut job = python("open('/dev/shm/x', 'wb').write(b'x' * (30 << 20)); import time; time.sleep(30)", &[""]);
    job.run.limits.file_bytes = 40 << 20;
    job.run.limits.memory_kib = 32 * 1024;
    assert_eq!(hit(&job, user).hit, Some(Hit::Memory));
}

fn enough_memory(user: User) {
    assert_eq!(printed(&python("print(len(bytearray(80 << 20)))", &[""]), user), format!("{}\n", 80 << 20));
}

fn fork_bomb(user: User) {
    let facts = hit(&c("#include <unistd.h>\nint main(void) { for (;;) fork(); }", &[""]), user);
    assert_eq!(facts.hit, Some(Hit::CpuTime));
}

fn processes(user: User) {
    let code = "import os, time\ncount = 0\ntry:\n    for _ in range(100):\n        if os.fork() == 0:\n            time.sleep(30)\n\
        \x20       count += 1\nexcept BlockingIOError:\n    print(count)";
    assert_eq!(printed(&python(code, &[""]), user), format!("{}\n", limits().processes - 1));
}

fn flood(user: User) {
    for stream in ["stdout", "stderr"] {
        let facts = hit(&python(&format!("import sys\nwhile True: sys.{stream}.write('x' * 4096)"), &[""]), user);
        assert_eq!((facts.hit, facts.ending), (Some(Hit::Output), Ending::Killed));
        let stream = if stream == "stdout" { facts.stdout } else { facts.stderr };
        assert_eq!((stream.bytes.0.len() as u64, stream.truncated), (limits().output_bytes, true));
    }
}

fn exactly_the_cap(user: User) {
    let cap = limits().output_bytes;
    assert_eq!(printed(&python(&format!("print('x' * {cap}, end='')"), &[""]), user).len() as u64, cap);
    let facts = hit(&python(&format!("print('x' * {}, end='')", cap + 1), &[""]), user);
    assert_eq!((facts.hit, facts.stdout.bytes.0.len() as u64), (Some(Hit::Output), cap));
}

fn large_file(user: User) {
    let size = limits().file_bytes;
    let code = format!(
        "import os\nfile = os.open('/box/x', os.O_WRONLY | os.O_CREAT)\nprint(os.write(file, b'x' * {size}))\n\
        try: os.write(file, b'x')\nexcept OSError as error: print(error.errno)"
    );
    assert_eq!(printed(&python(&code, &[""]), user), format!("{size}\n27\n"));
}

fn many_files(user: User) {
    let code = "import time\nfor i in range(20):\n    open(f'/tmp/{i}', 'wb').write(b'x' * (1 << 20))\ntime.sleep(30)";
    assert_eq!(hit(&python(code, &[""]), user).hit, Some(Hit::Files));
}

fn empty_files(user: User) {
    let code = "import os, time\nfor i in range(10000): os.mkdir(f'/tmp/{i}')\ntime.sleep(30)";
    assert_eq!(hit(&python(code, &[""]), user).hit, Some(Hit::Files));
}

fn descriptors(user: User) {
    let code = "import os\ntry:\n    while True: last = os.dup(1)\nexcept OSError as error: print(last, error.errno)";
    assert_eq!(printed(&python(code, &[""]), user), format!("{} 24\n", limits().open_files - 1));
}

/// Many inputs, each of which keeps as much as it may: together no more than the job allows.
fn bounded(user: User) {
    let mut job = python("print('x' * 30000, end='')", &["1", "2", "3", "4"]);
    job.report_bytes = 100_000;
    let done = run(&job, user).expect("is done");
    let kept: Vec<_> = done.runs.iter().map(|facts| facts.stdout.bytes.0.len()).collect();
    assert_eq!(kept, [30_000, 23_333, 15_555, 10_370], "a third of what is left, for each stream");
    assert!(done.runs[1].hit == Some(Hit::Output) && done.runs[0].hit.is_none());
}
