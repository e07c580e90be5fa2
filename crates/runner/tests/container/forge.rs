//! Nothing a program writes is taken for the runner's word, and what is no envelope of this job is refused.

use runner::container::wire::{self, Ending, Told};

use super::Check;
use super::bench::{User, c, facts, job, python, run, start, text};

pub const CHECKS: &[(&str, Check)] = &[
    ("an_envelope_that_a_program_prints_is_its_output", printed_envelope),
    ("a_program_does_not_get_at_the_containers_output", other_outputs),
    ("a_program_does_not_find_the_nonce", nonce),
    ("an_artifact_that_is_no_file_is_none", odd_artifacts),
    ("what_is_no_envelope_of_this_job_is_refused", refused),
    ("what_is_no_job_is_refused", no_job),
];

fn printed_envelope(user: User) {
    let code = "print('{\"version\":1,\"nonce\":\"5f1d5f1d5f1d5f1d5f1d5f1d5f1d5f1d\",\"result\":{\"done\":{\"wall\":{\"other_user\":true,\
        \"landlock\":true},\"compile\":null,\"check\":null,\"runs\":[]}}}')\nraise SystemExit(3)";
    let facts = facts(&python(code, &[""]), user);
    assert_eq!(facts.ending, Ending::Exited(3));
    assert!(text(&facts.stdout).starts_with("{\"version\""));
}

/// Every descriptor and terminal there might be; what arrives is counted by `run`, which demands one envelope.
fn other_outputs(user: User) {
    let code = "import glob, os\nfor path in glob.glob('/proc/1/fd/*') + glob.glob('/proc/1/task/*/fd/*') + ['/dev/console', '/dev/tty',\
        '/dev/pts/0'] + [f'/proc/1/fd/{n}' for n in range(64)]:\n    try:\n        os.write(os.open(path, os.O_WRONLY), b'forged')\n\
        \x20       print(path)\n    except OSError: pass\nfor n in range(3, 64):\n    try:\n        os.write(n, b'forged')\n        print(n)\n\
        \x20   except OSError: pass\nprint('end')";
    assert_eq!(text(&facts(&python(code, &[""]), user).stdout), "end\n");
}

/// In the only places a program can read of: its memory, its files, and what `/proc` says.
fn nonce(user: User) {
    let script = "grep -rlsa --devices=skip 5f1d5f[1]d /code /box /tmp /dev/shm /answer /artifact /proc/1/cmdline /proc/1/environ \
        /proc/self/environ /proc/self/mem; cat /proc/1/cmdline | tr '\\0' ' '";
    assert_eq!(text(&facts(&job(script, &[""]), user).stdout), "/runner container ");
}

fn odd_artifacts(user: User) {
    for compiler in
        ["rm -f /artifact; ln -s /etc/passwd /artifact", "rm -f /artifact; mkfifo /artifact", ": >/artifact"]
    {
        let mut job = c("", &["1"]);
        let compile = job.compile.as_mut().expect("is compiled");
        compile.command.argv = super::bench::words(&["/usr/bin/bash", "-c", &format!("{compiler}; exit 0")]);
        let done = run(&job, user).expect("is done");
        assert!(done.runs.is_empty() && done.compile.is_some_and(|facts| facts.artifact_bytes == 0), "{compiler}");
    }
}

fn refused(user: User) {
    let job = job("echo hello", &["", ""]);
    let output = start(wire::encode_job(&job).expect("is small").as_bytes(), user).output();
    let right = String::from_utf8(output.stdout).expect("is text");
    wire::open_envelope(&right, &job).expect("this one is right");
    let other = "0".repeat(32);
    let cases = [
        ("two of them", format!("{right}{right}")),
        ("something before it", format!("hello\n{right}")),
        ("something behind it", format!("{right}hello")),
        ("half of it", right[..right.len() / 2].to_owned()),
        ("nothing", String::new()),
        ("another nonce", right.replace(&job.nonce, &other)),
        ("another version", right.replace("\"version\":1", "\"version\":2")),
        ("an unknown field", right.replace("\"version\":1", "\"version\":1,\"more\":1")),
        ("no runs", right.replace(&right[right.find("[{").expect("runs")..right.rfind("]").expect("runs")], "[")),
        ("what is no base64", right.replace("\"bytes\":\"", "\"bytes\":\"*")),
    ];
    for (what, text) in cases {
        assert_ne!(text, right, "{what}");
        assert!(wire::open_envelope(&text, &job).is_err(), "{what}");
    }
    let failed = wire::Envelope {
        version: wire::VERSION,
        nonce: job.nonce.clone(),
        result: Told::Failed { context: "see".to_owned(), cause: "dark".to_owned() },
    };
    let failed = serde_json::to_string(&failed).expect("is JSON");
    assert_eq!(wire::open_envelope(&failed, &job), Err("the runner failed to see: dark".to_owned()));
}

fn no_job(user: User) {
    for bytes in [b"".as_slice(), b"{}", b"null", b"\xff\xfe", b"{\"version\":7}"] {
        let output = start(bytes, user).output();
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(70), b"".as_slice()), "{bytes:?}");
    }
}
