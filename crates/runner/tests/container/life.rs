//! From the compiler to the last input: what is there, what is not any more, and how things end.

use std::io::{BufRead as _, BufReader};
use std::time::{Duration, Instant};

use runner::container::wire::{self, Bytes, Command, Ending, File, Hit, Job};

use super::Check;
use super::bench::{UID, User, c, facts, job, limits, printed, processes_of, python, run, start, text, words};

pub const CHECKS: &[(&str, Check)] = &[
    ("a_program_is_compiled_once_and_run_with_each_input", compiled),
    ("where_the_compiler_fails_nothing_is_run", not_compiled),
    ("code_that_can_not_be_parsed_is_run_once", not_parsed),
    ("code_that_fails_otherwise_is_run_with_all_inputs", parsed),
    ("nothing_is_left_for_the_next_input", fresh),
    ("a_tree_that_is_hard_to_remove_is_removed", hostile_tree),
    ("data_files_may_be_changed_and_are_there_anew", data),
    ("an_answer_is_read_up_to_its_cap", answer),
    ("a_daemon_does_not_outlive_the_program", daemon),
    ("an_orphan_that_holds_the_output_does_not_hold_up", orphan),
    ("endings_are_exact", endings),
    ("input_that_nobody_reads_is_no_failure", unread),
    ("input_and_output_do_not_wait_for_each_other", both_ways),
    ("closed_outputs_are_not_the_end", closed),
    ("what_is_no_program_is_said", no_program),
    ("the_end_of_the_runner_is_the_end_of_all", killed),
    ("memory_is_told_to_those_who_ask", told_memory),
];

fn compiled(user: User) {
    let code = "#include <stdio.h>\nint main(void) { int n; scanf(\"%d\", &n); printf(\"%d\\n\", n * n); }";
    let done = run(&c(code, &["3", "4", "5"]), user).expect("is done");
    let outputs: Vec<_> = done.runs.iter().map(|facts| text(&facts.stdout)).collect();
    assert_eq!(outputs, ["9\n", "16\n", "25\n"]);
    assert_eq!((done.wall.other_user, done.check), (user == User::Root, None));
    assert!(done.compile.expect("was compiled").cpu_time > Duration::ZERO);
}

fn not_compiled(user: User) {
    let done = run(&c("int main(void) { return x; }", &["3"]), user).expect("is done");
    let facts = done.compile.expect("was tried");
    assert!(done.runs.is_empty() && facts.ending == Ending::Exited(1));
    assert!(text(&facts.stderr).contains("undeclared"), "{facts:?}");
}

fn checked(code: &str, inputs: &[&str]) -> Job {
    let argv = words(&["/usr/bin/python3", "-c", "compile(open('/code/script.py').read(), 'script.py', 'exec')"]);
    Job { check: Some(Command { argv, limits: limits() }), ..python(code, inputs) }
}

fn not_parsed(user: User) {
    let done = run(&checked("print(", &["1", "2", "3"]), user).expect("is done");
    assert_eq!((done.runs.len(), done.check.expect("was asked").ending), (1, Ending::Exited(1)));
}

fn parsed(user: User) {
    let done = run(&checked("raise SystemExit(int(input()))", &["0", "1", "2"]), user).expect("is done");
    let endings: Vec<_> = done.runs.iter().map(|facts| facts.ending.clone()).collect();
    assert_eq!(endings, [0, 1, 2].map(Ending::Exited));
    assert_eq!(done.check.expect("was asked").ending, Ending::Exited(0));
    let done = run(&checked("print(1)", &["0", "1"]), user).expect("is done");
    assert_eq!(done.check, None, "nothing failed");
}

fn fresh(user: User) {
    let code = "import glob\nprint([p for d in ['/box', '/tmp', '/dev/shm', '/var/tmp'] for p in glob.glob(d + '/*') + glob.glob(d + '/.*')])\n\
        for d in ['/box', '/tmp', '/dev/shm']:\n    open(d + '/left', 'w').write(input())\n    open(d + '/.left', 'w').close()\n\
        open('/code/script.py').read()";
    let done = run(&python(code, &["1\n1\n1", "2\n2\n2"]), user).expect("is done");
    for facts in done.runs {
        assert_eq!((text(&facts.stdout), text(&facts.stderr)), ("[]\n".to_owned(), String::new()));
    }
}

fn hostile_tree(user: User) {
    let code = "import os\nassert not os.listdir('.')\nfor n in range(2000):\n    os.mkdir('deep')\n    os.chdir('deep')\n\
        os.chdir('/tmp')\nassert not os.listdir('.')\nos.makedirs('a/b/c')\nopen('a/b/c/f', 'w').close()\n\
        os.symlink('/etc', 'a/b/link')\nos.mkfifo('a/pipe')\nopen(b'bad\\xff\\n-name', 'w').close()\n\
        for n in range(20):\n    os.makedirs(f'.code-runner-{n}/x/y')\n    open(f'.code-runner-{n + 20}', 'w').close()\n\
        for p in ['a/b/c', 'a/b', 'a']:\n    os.chmod(p, 0)\nprint('made')";
    let done = run(&python(code, &["1", "2"]), user).expect("is done");
    for facts in done.runs {
        assert_eq!((text(&facts.stdout), text(&facts.stderr)), ("made\n".to_owned(), String::new()));
    }
}

fn data(user: User) {
    let code = "print(open('data.txt').read(), open('/code/data.txt').read())\nopen('data.txt', 'w').write('changed')";
    let mut job = python(code, &["1", "2"]);
    job.files.push(File { name: "data.txt".to_owned(), is_data: true, content: Bytes(b"as sent".to_vec()) });
    for facts in run(&job, user).expect("is done").runs {
        assert_eq!((text(&facts.stdout), text(&facts.stderr)), ("as sent as sent\n".to_owned(), String::new()));
    }
}

fn answer(user: User) {
    let cap = limits().output_bytes;
    let code = "import sys\nopen('/answer', 'w').write('=' + 'y' * int(input()))";
    let (fits, more) = (cap.to_string(), (cap + 1).to_string());
    let mut job = python(code, &["0", &fits, &more]);
    job.has_answer = true;
    let done = run(&job, user).expect("is done");
    let answers: Vec<_> = done.runs.into_iter().filter_map(|facts| facts.answer).collect();
    let lengths: Vec<_> = answers.iter().map(|answer| (answer.bytes.0.len() as u64, answer.truncated)).collect();
    assert_eq!(lengths, [(1, false), (cap + 1, false), (cap + 1, true)], "the mark is one more");
}

fn daemon(user: User) {
    let code = "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        for n in range(3): os.close(n)\n\
        \x20       while True: pass\n    os._exit(0)\nos.wait()\nprint('gone')";
    assert_eq!(printed(&python(code, &[""]), user), "gone\n");
}

fn orphan(user: User) {
    let facts = facts(&job("sleep 60 & echo started", &[""]), user);
    assert_eq!((text(&facts.stdout), &facts.ending, facts.hit), ("started\n".to_owned(), &Ending::Exited(0), None));
    assert!(facts.wall_time < Duration::from_secs(1), "{:?}", facts.wall_time);
}

fn endings(user: User) {
    let inputs =
        ["exit 0", "exit 1", "exit 77", "exit 124", "exit 137", "exit 255", "kill -1 $$", "kill -9 $$", "kill -11 $$"];
    let done = run(&job("eval \"$(cat)\"", &inputs), user).expect("is done");
    let endings: Vec<_> = done.runs.into_iter().map(|facts| (facts.ending, facts.hit)).collect();
    let statuses = [0, 1, 77, 124, 137, 255].map(Ending::Exited).into_iter();
    let expected = statuses.chain([1, 9, 11].map(Ending::Signaled)).map(|ending| (ending, None::<Hit>));
    assert_eq!(endings, expected.collect::<Vec<_>>());
}

fn unread(user: User) {
    let long = "x".repeat(3 << 20);
    assert_eq!(printed(&job("echo unread", &[&long]), user), "unread\n");
}

fn both_ways(user: User) {
    let code = "import sys\nsys.stdout.write('y' * 60000)\nsys.stdout.flush()\nprint(len(sys.stdin.read()))";
    let long = "x".repeat(1 << 20);
    assert!(printed(&python(code, &[&long]), user).ends_with("y1048576\n"));
}

fn closed(user: User) {
    let facts = facts(&job("exec >&- 2>&-; sleep 0.5; exit 7", &[""]), user);
    assert_eq!(facts.ending, Ending::Exited(7));
    assert!(facts.wall_time >= Duration::from_millis(450), "{:?}", facts.wall_time);
}

fn no_program(user: User) {
    let mut job = job("", &[""]);
    job.run.argv = words(&["/usr/bin/not-there"]);
    assert!(matches!(facts(&job, user).ending, Ending::NotExecutable(_)));
    job.run.argv = words(&["/code/script.sh"]);
    assert!(matches!(facts(&job, user).ending, Ending::NotExecutable(_)), "it has no right to be executed");
}

/// As the engine ends a call that is cancelled.
fn killed(user: User) {
    let mut job = job("setsid sleep 1000 & setsid bash -c 'while :; do :; done' & sleep 1000", &[""]);
    job.run.limits.cpu_time = Duration::from_secs(1000);
    job.run.limits.wall_time = Duration::from_secs(1000);
    let mut container = start(wire::encode_job(&job).expect("is small").as_bytes(), user);
    let deadline = Instant::now() + Duration::from_secs(60);
    while processes_of(UID).len() < 4 {
        assert!(Instant::now() < deadline, "the processes begin");
        std::thread::sleep(Duration::from_millis(5));
    }
    container.child.kill().expect("is ours");
    container.child.wait().expect("is ours");
    // Its standard output is closed when the last process that could hold it is gone.
    let mut rest = String::new();
    BufReader::new(container.child.stdout.take().expect("is a pipe")).read_line(&mut rest).expect("can be read");
    assert_eq!(rest, "", "there is no envelope");
    while !processes_of(UID).is_empty() {
        assert!(Instant::now() < deadline, "somebody is left");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn told_memory(user: User) {
    let mut job = job("echo $0 $1 $2", &[""]);
    job.run.argv.extend(words(&["{memory_kib}", "-x{memory_mib}m"]));
    assert_eq!(printed(&job, user), "/code/script.sh 131072 -x128m\n");
}
