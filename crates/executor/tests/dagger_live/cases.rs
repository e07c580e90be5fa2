//! What is shown with a real engine.

use std::time::{Duration, Instant};

use executor::dagger::DaggerExecutor;
use executor::{Cancel, Executor, LanguageStatus};
use model::{ExecId, Limits, Mode, Report, Submission, Verdict};

use crate::{Case, Live, Needs, number};

pub const CASES: &[Case] = &[
    ("smoke", "a version, a Python function, a C program: right answers, in which time", Needs::Engine, smoke),
    ("nonce", "the same submission twice is run twice", Needs::Engine, nonce),
    ("limits", "each limit has its verdict", Needs::Engine, limits),
    ("fork_bomb", "is ended, and the next submission is as quick as before", Needs::Engine, fork_bomb),
    ("output", "100 MB are cut off, and cost nobody anything", Needs::Engine, output),
    ("network", "no address can be reached, the engine's neither", Needs::Engine, network),
    (
        "identity",
        "programs are nobody, know no token of the engine, and do not see into PID 1",
        Needs::Engine,
        identity,
    ),
    ("status_137", "a program that kills all it can is its own fault", Needs::Engine, status_137),
    ("cancel", "what is cancelled is dead within two seconds", Needs::Host, cancel),
    ("parallel", "as many run at once as there are permits, none of them wrong", Needs::Engine, parallel),
    ("rotation", "a session is replaced, and nothing fails meanwhile", Needs::Engine, rotation),
    ("slope", "memory and disk of the engine over many submissions, with rotation", Needs::Host, slope),
    ("restart", "an engine that is restarted is used again, and what ran meanwhile is run", Needs::Restart, restart),
    ("two_engines", "both are used", Needs::Second, two_engines),
];

fn submission(language: &str, mode: Mode, code: &str, inputs: &[&str]) -> Submission {
    let inputs = inputs.iter().map(|input| (*input).to_owned()).collect();
    Submission::plain(ExecId::new(uuid::Uuid::new_v4()), "live", language, mode, code, inputs)
}

fn python(code: &str) -> Submission {
    submission("python", Mode::Program, code, &["4"])
}

async fn run(executor: &DaggerExecutor, submission: &Submission) -> Report {
    executor.execute(submission, &Cancel::default()).await.expect("is no failure of ours")
}

async fn echo(executor: &DaggerExecutor) -> Duration {
    let began = Instant::now();
    let report = run(executor, &python("print(int(input()) ** 2)")).await;
    assert_eq!(report.inputs[0].output, "16\n", "{report:#?}");
    began.elapsed()
}

fn smoke(live: &Live) {
    let executor = live.executor(false, 4, u64::MAX);
    live.runtime.block_on(async {
        executor.ready().expect("there is a session");
        println!("{:?}", executor.engines());
        for language in ["python", "c"] {
            let status = executor.self_test(language).await.expect("is tried");
            assert!(matches!(status, LanguageStatus::Tested { result: Ok(_), .. }), "{status:?}");
            println!("{language}: {status:?}");
        }
        let function = submission("python", Mode::Function, "return str(int(input_str) ** 2)", &["4", "x"]);
        let report = run(&executor, &function).await;
        let verdicts: Vec<_> = report.inputs.iter().map(|input| (input.output.as_str(), input.verdict)).collect();
        assert_eq!(verdicts, [("16", Verdict::Ok), ("", Verdict::RuntimeError)]);
        let code = "#include <stdio.h>\nint main(void) { int n; scanf(\"%d\", &n); printf(\"%d\", n * n); }";
        let report = run(&executor, &submission("c", Mode::Program, code, &["4", "5"])).await;
        assert_eq!((report.inputs[0].output.as_str(), report.inputs[1].output.as_str()), ("16", "25"), "{report:#?}");
        let mut times = Vec::new();
        for _ in 0..20 {
            times.push(echo(&executor).await);
        }
        times.sort();
        println!("20 Python programs, warm: median {:?}, slowest {:?}", times[10], times[19]);
        println!("weaker: {:#?}", executor.weaker());
    });
}

fn nonce(live: &Live) {
    let executor = live.executor(false, 4, u64::MAX);
    let submission = python("import os, time\nprint(os.urandom(8).hex(), time.time_ns())");
    let [first, second] = [(); 2].map(|()| live.runtime.block_on(run(&executor, &submission)).inputs.remove(0).output);
    assert_ne!(first, second);
}

fn limits(live: &Live) {
    let executor = live.executor(false, 4, u64::MAX);
    let limits = Limits { cpu_time: Duration::from_secs(1), wall_time: Duration::from_secs(3), ..Limits::default() };
    let cases = [
        ("while True: pass", Verdict::TimeLimit),
        ("import time\ntime.sleep(60)", Verdict::TimeLimit),
        ("x = []\nwhile True: x.append(bytearray(1 << 20))", Verdict::MemoryLimit),
        ("while True: print('x' * 1000)", Verdict::OutputLimit),
        ("open('/box/x', 'wb').write(b'x' * (100 << 20))", Verdict::RuntimeError),
    ];
    for (code, verdict) in cases {
        let report = live.runtime.block_on(run(&executor, &Submission { limits: limits.clone(), ..python(code) }));
        assert_eq!(report.verdict, verdict, "{code}: {report:#?}");
    }
}

fn fork_bomb(live: &Live) {
    let executor = live.executor(false, 4, u64::MAX);
    live.runtime.block_on(async {
        let before = echo(&executor).await;
        let code = "#include <unistd.h>\nint main(void) { for (;;) fork(); }";
        let report = run(&executor, &submission("c", Mode::Program, code, &["4"])).await;
        assert_eq!(report.verdict, Verdict::TimeLimit, "{report:#?}");
        let after = echo(&executor).await;
        println!("before {before:?}, after {after:?}");
        assert!(after < before * 3 + Duration::from_secs(1));
    });
}

fn output(live: &Live) {
    let executor = live.executor(false, 4, u64::MAX);
    let report = live.runtime.block_on(run(&executor, &python("print('x' * 100_000_000)")));
    let input = &report.inputs[0];
    assert_eq!((input.verdict, input.truncated), (Verdict::OutputLimit, true));
    assert_eq!(input.output.len() as u64, Limits::default().output_bytes);
}

fn network(live: &Live) {
    let executor = live.executor(false, 4, u64::MAX);
    let code = "import socket\nfor family in (socket.AF_INET, socket.AF_INET6, 16, 17):\n    for kind in (1, 2, 3):\n        try:\n\
                \x20           socket.socket(family, kind)\n            print('made', family, kind)\n        except PermissionError: pass\n\
                print('end')";
    assert_eq!(live.runtime.block_on(run(&executor, &python(code))).inputs[0].output, "end\n");
}

fn identity(live: &Live) {
    let executor = live.executor(false, 4, u64::MAX);
    let code = "import os\nassert os.getuid() >= 1000 and os.getgroups() == []\n\
                assert not [name for name in os.environ if 'DAGGER' in name or 'OTEL' in name], os.environ\n\
                for name in ('mem', 'environ', 'fd/0', 'fd/1'):\n    try: open('/proc/1/' + name, 'rb').read(1)\n\
                \x20   except OSError: continue\n    raise SystemExit(name)\n\
                status = open('/proc/self/status').read()\nassert 'CapEff:\\t0000000000000000' in status and 'NoNewPrivs:\\t1' in status";
    let report = live.runtime.block_on(run(&executor, &python(code)));
    assert_eq!(report.verdict, Verdict::Ok, "{report:#?}");
}

fn status_137(live: &Live) {
    let executor = live.executor(false, 4, u64::MAX);
    let code = "import os\nfor pid in (1, -1, 0):\n    for signal in (15, 9):\n        try: os.kill(pid, signal)\n        except OSError: pass";
    let report = live.runtime.block_on(run(&executor, &python(code)));
    assert_eq!(report.verdict, Verdict::RuntimeError, "{report:#?}");
}

fn cancel(live: &Live) {
    let executor = live.executor(false, 4, u64::MAX);
    live.runtime.block_on(echo(&executor));
    let cancel = Cancel::default();
    let submission = python("import os, time\nos.fork()\ntime.sleep(100)");
    let (running, asked) = (executor.clone(), cancel.clone());
    let task = live.runtime.spawn(async move { running.execute(&submission, &asked).await });
    let until = |wanted: fn(usize) -> bool, patience| {
        let began = Instant::now();
        while !wanted(live.programs()) {
            assert!(began.elapsed() < patience, "{} processes", live.programs());
            std::thread::sleep(Duration::from_millis(20));
        }
        began.elapsed()
    };
    until(|count| count >= 2, Duration::from_secs(30));
    cancel.cancel();
    let report = live.runtime.block_on(task).expect("does not panic").expect("is a report");
    assert_eq!(report.verdict, Verdict::Cancelled);
    println!("dead after {:?}", until(|count| count == 0, Duration::from_secs(2)));
}

fn parallel(live: &Live) {
    let executor = live.executor(false, 8, u64::MAX);
    let began = Instant::now();
    live.runtime.block_on(async {
        let tasks: Vec<_> = (0..64)
            .map(|_| {
                let executor = executor.clone();
                tokio::spawn(async move { echo(&executor).await })
            })
            .collect();
        for task in tasks {
            task.await.expect("is right");
        }
    });
    println!("64 submissions, 8 at once: {:?}", began.elapsed());
}

fn rotation(live: &Live) {
    let executor = live.executor(false, 4, 5);
    live.runtime.block_on(async {
        for _ in 0..17 {
            echo(&executor).await;
        }
    });
    assert_eq!(executor.engines()[0].sessions, 4);
}

fn slope(live: &Live) {
    let jobs = number("DAGGER_LIVE_JOBS", 1000);
    let executor = live.executor(false, 4, 250);
    let measure = || {
        let memory = live.on_host("cat /proc/[0-9]*/comm /proc/[0-9]*/statm 2>/dev/null >/dev/null; for p in /proc/[0-9]*; do \
            case $(cat $p/comm 2>/dev/null) in dagger-engine*) awk '/VmRSS/ {print $2}' $p/status;; esac; done | sort -n | tail -1");
        let disk = live.on_host("du -sk /var/lib/dagger 2>/dev/null | cut -f1");
        (memory, disk)
    };
    println!("submissions\tKiB of memory\tKiB of disk");
    for done in (0..=jobs).step_by((jobs / 10).max(1)) {
        let (memory, disk) = measure();
        println!("{done}\t{memory}\t{disk}");
        live.runtime.block_on(async {
            for _ in 0..(jobs / 10).max(1) {
                echo(&executor).await;
            }
        });
    }
}

fn restart(live: &Live) {
    let executor = live.executor(false, 4, u64::MAX);
    live.runtime.block_on(echo(&executor));
    let maintained = executor.clone();
    let maintaining = live.runtime.spawn(async move { maintained.maintain().await });
    let running = executor.clone();
    let task = live.runtime.spawn(async move {
        let submission = python("import time\ntime.sleep(3)\nprint(16)");
        running.execute(&submission, &Cancel::default()).await
    });
    live.restart();
    let began = Instant::now();
    // Lost on the way, it is a failure of ours, which the server tries again; a wrong verdict it is never.
    match live.runtime.block_on(task).expect("does not panic") {
        Ok(report) => assert_eq!(report.verdict, Verdict::Ok, "{report:#?}"),
        Err(error) => println!("ours: {error}"),
    }
    while live.runtime.block_on(executor.execute(&python("print(16)"), &Cancel::default())).is_err() {
        assert!(began.elapsed() < Duration::from_secs(300), "{:?}", executor.ready());
    }
    println!("used again {:?} after the restart", began.elapsed());
    maintaining.abort();
}

fn two_engines(live: &Live) {
    let executor = live.executor(true, 1, u64::MAX);
    live.runtime.block_on(async {
        let tasks: Vec<_> = (0..4)
            .map(|_| {
                let executor = executor.clone();
                tokio::spawn(async move { run(&executor, &python("import time\ntime.sleep(2)")).await })
            })
            .collect();
        let both = async {
            while executor.engines().iter().any(|engine| engine.free > 0) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), both).await.expect("both are used");
        for task in tasks {
            assert_eq!(task.await.expect("does not panic").verdict, Verdict::Ok);
        }
    });
}
