//! Compiling in a box of its own, and what stands beside the code: what a compiler is told or does ends with
//! its box, and only the artifact crosses.

use std::sync::Arc;
use std::time::Duration;

use executor::{Ceilings, CompileCacheSettings, NativeExecutor, load_languages};
use libtest_mimic::Trial;
use model::{Limits, Mode, Report, Submission, SubmittedFile, Verdict};

use crate::bench::{Bench, Test, check, named};
use crate::host::Host;
use crate::{execute, launcher_command, repository, submission};

/// The tests of this file.
pub fn trials(bench: &Arc<Bench>) -> Vec<Trial> {
    let tests: [(&str, Test); 10] = [
        ("all_inputs_run_what_was_compiled_once", all_inputs_run_what_was_compiled_once),
        ("nothing_but_the_artifact_crosses", nothing_but_the_artifact_crosses),
        ("what_a_compiler_starts_dies_with_its_box", what_a_compiler_starts_dies),
        ("a_flood_of_messages_is_cut", a_flood_of_messages_is_cut),
        ("a_compiler_that_never_ends_is_a_compile_error", a_compiler_that_never_ends),
        ("a_compiler_reads_nothing_of_the_host", a_compiler_reads_nothing_of_the_host),
        ("messages_name_the_students_file_and_lines", messages_name_the_students_file),
        ("files_are_fresh_for_every_input", files_are_fresh_for_every_input),
        ("files_are_sources_too", files_are_sources_too),
        ("arguments_arrive_as_sent", arguments_arrive_as_sent),
    ];
    named(bench, tests)
}

/// A program in C.
pub fn c(code: &str, inputs: &[&str], options: &[&str]) -> Submission {
    Submission {
        language: "c".to_owned(),
        compile_options: options.iter().map(|option| (*option).to_owned()).collect(),
        ..submission(Mode::Program, code, inputs)
    }
}

fn file(name: &str, content: &[u8]) -> SubmittedFile {
    SubmittedFile { name: name.to_owned(), content: content.to_vec() }
}

pub fn outputs(report: &Report) -> Vec<&str> {
    report.inputs.iter().map(|input| input.output.trim_end()).collect()
}

fn all_inputs_run_what_was_compiled_once(bench: &Bench) -> Result<(), String> {
    // The linker gives every program it makes another id; the program prints a digest of itself.
    let code = r#"#include <stdio.h>
int main(void) {
    FILE *self = fopen("/code/solution", "r");
    unsigned long digest = 5381;
    int byte;
    while ((byte = fgetc(self)) != EOF) digest = digest * 33 + (unsigned long)byte;
    printf("%lx\n", digest);
}
"#;
    let submission = c(code, &["a", "b", "c"], &["-Wl,--build-id=uuid"]);
    let first = bench.run_and_look_around(&submission)?;
    check(first.verdict == Verdict::Ok, || format!("{first:?}"))?;
    let same = outputs(&first);
    check(same.iter().all(|output| *output == same[0]), || format!("{same:?}"))?;
    check(first.compile.as_ref().is_some_and(|compile| compile.exit_code == Some(0)), || format!("{first:?}"))?;
    check(first.phases.compile > Duration::ZERO, || format!("{:?}", first.phases))?;
    // The digest does tell one compilation from another.
    let again = Submission { compile_cache: false, ..submission };
    let second = bench.run_and_look_around(&again)?;
    check(outputs(&second)[0] != same[0], || format!("{same:?}"))
}

fn nothing_but_the_artifact_crosses(bench: &Bench) -> Result<(), String> {
    let code = r#"#include <stdio.h>
#include <unistd.h>
int main(void) {
    const char *left[] = {"/tmp/left.map", "/box/left.map", "/dev/shm/left.map", "/artifact"};
    for (int i = 0; i < 4; i++) printf("%d", access(left[i], F_OK));
    printf(" %d\n", access("/code/solution.c", W_OK));
}
"#;
    for folder in ["/tmp", "/box", "/dev/shm"] {
        let option = format!("-Wl,-Map={folder}/left.map");
        let report = bench.run_and_look_around(&c(code, &["1", "2"], &[&option]))?;
        check(outputs(&report) == ["-1-1-1-1 -1", "-1-1-1-1 -1"], || format!("{report:?}"))?;
    }
    Ok(())
}

fn what_a_compiler_starts_dies(bench: &Bench) -> Result<(), String> {
    // Each part of the compiler is started through a shell that leaves another behind, which never ends and
    // goes on writing to the artifact.
    let wrapper = "/usr/bin/sh,-c,(while :; do echo x >>/artifact; done) >/dev/null 2>&1 & exec \"$0\" \"$@\"";
    let code = "#include <stdio.h>\nint main(void) { puts(\"out\"); }\n";
    let report = bench.run_and_look_around(&c(code, &["1"], &["-wrapper", wrapper]))?;
    // Whatever came of the artifact, it is the student's own doing; the platform is not to blame.
    check(report.verdict != Verdict::InternalError, || format!("{report:?}"))
}

fn a_flood_of_messages_is_cut(bench: &Bench) -> Result<(), String> {
    let flood = "/usr/bin/sh,-c,while :; do echo flood; done";
    let report = bench.run_and_look_around(&c("int main;", &["1"], &["-wrapper", flood]))?;
    check(report.verdict == Verdict::CompileError, || format!("{:?}", report.verdict))?;
    let compile = report.compile.ok_or("no compile report")?;
    let cap = usize::try_from(Limits::for_compiling().output_bytes).unwrap_or(usize::MAX);
    check(compile.truncated && compile.output.len() == cap, || format!("{} bytes", compile.output.len()))?;
    let error = report.inputs[0].error.clone().unwrap_or_default();
    check(error.starts_with("the compiler wrote more than"), || error.clone())
}

fn a_compiler_that_never_ends(bench: &Bench) -> Result<(), String> {
    let before = Host::look();
    let languages = load_languages(&repository().join("languages")).map_err(|error| error.to_string())?;
    let compile = Limits { cpu_time: Duration::from_millis(300), ..Limits::for_compiling() };
    let ceilings = Ceilings { run: Limits::default(), compile };
    let hurried = NativeExecutor::start(&launcher_command(), languages, ceilings, CompileCacheSettings::default(), 1);
    let hurried = hurried.map_err(|error| error.to_string())?;
    let endless = c("int main;", &["1", "2"], &["-wrapper", "/usr/bin/sh,-c,while :; do :; done"]);
    let report = bench.block_on(execute(&hurried, &endless))?;
    hurried.shut_down().map_err(|error| error.to_string())?;
    for run in &report.inputs {
        check(run.verdict == Verdict::CompileError, || format!("{run:?}"))?;
        let error = run.error.as_deref().unwrap_or_default();
        check(error == "the compiler used more than 0.3 s of CPU time", || error.to_owned())?;
    }
    check(report.inputs.len() == 2, || format!("{report:?}"))?;
    Host::wait_for(&before)
}

fn a_compiler_reads_nothing_of_the_host(bench: &Bench) -> Result<(), String> {
    for path in ["/etc/shadow", "/etc/hostname", "/root/.profile", "/proc/1/environ", "/sys/kernel/notes"] {
        let code = format!("#include \"{path}\"\nint main(void) {{}}\n");
        let report = bench.run_and_look_around(&c(&code, &["1"], &[]))?;
        let said = report.compile.as_ref().map(|compile| compile.output.clone()).unwrap_or_default();
        let hidden = said.contains("No such file") || said.contains("Permission denied");
        check(report.verdict == Verdict::CompileError && hidden, || format!("{path}: {said}"))?;
    }
    Ok(())
}

fn messages_name_the_students_file(bench: &Bench) -> Result<(), String> {
    let code = "#include <stdio.h>\nint main(void) {\n    int unused = 1\n    return 0;\n}\n";
    let report = bench.run_and_look_around(&c(code, &["1", "2"], &[]))?;
    let said = report.compile.as_ref().map(|compile| compile.output.clone()).unwrap_or_default();
    check(said.contains("solution.c:4:5: error: ") && !said.contains("/code"), || said.clone())?;
    let [first, ..] = report.diagnostics.as_slice() else { return Err(said) };
    check((first.line, first.column) == (4, Some(5)), || format!("{first:?}"))?;
    check(report.inputs.len() == 2, || format!("{report:?}"))?;
    check(report.inputs.iter().all(|run| run.verdict == Verdict::CompileError), || format!("{report:?}"))
}

fn files_are_fresh_for_every_input(bench: &Bench) -> Result<(), String> {
    let code = "
with open('data.bin', 'r+b') as file:
    seen = file.read()
    file.write(b'more')
try:
    open('/code/data.bin', 'ab')
    beside = 'writable'
except OSError:
    beside = open('/code/data.bin', 'rb').read()
print(seen, beside)";
    let mut with_file = submission(Mode::Program, code, &["1", "2"]);
    with_file.files = vec![file("data.bin", b"\x00\xff"), file("large.bin", &[1; 64 * 1024])];
    // What the caller sent is no use the program makes of its limit.
    with_file.limits.file_bytes = 4096;
    let report = bench.run_and_look_around(&with_file)?;
    let expected = r"b'\x00\xff' b'\x00\xff'";
    check(outputs(&report) == [expected, expected], || format!("{report:?}"))
}

fn files_are_sources_too(bench: &Bench) -> Result<(), String> {
    let mut program =
        c("#include \"twice.h\"\n#include <stdio.h>\nint main(void) { printf(\"%d\", twice(21)); }\n", &[""], &[]);
    program.files =
        vec![file("twice.h", b"int twice(int n);\n"), file("twice.c", b"int twice(int n) { return 2 * n; }\n")];
    let report = bench.run_and_look_around(&program)?;
    check(outputs(&report) == ["42"], || format!("{report:?}"))?;
    for mode in Mode::ALL {
        let code = if mode == Mode::Function {
            "import helper\nreturn helper.twice(input_str)"
        } else {
            "import helper\nprint(helper.twice(input()))"
        };
        let mut python = submission(mode, code, &["ab"]);
        python.files = vec![file("helper.py", b"def twice(text):\n    return text * 2\n")];
        let report = bench.run_and_look_around(&python)?;
        check(outputs(&report) == ["abab"], || format!("{report:?}"))?;
    }
    Ok(())
}

fn arguments_arrive_as_sent(bench: &Bench) -> Result<(), String> {
    let args = ["", "-x", "a b", "$HOME", "é", "--", "{memory_kib}"];
    let code = "import sys\nprint(sys.argv[1:])";
    let mut python = submission(Mode::Program, code, &[""]);
    python.args = args.iter().map(|word| (*word).to_owned()).collect();
    let report = bench.run_and_look_around(&python)?;
    let expected = "['', '-x', 'a b', '$HOME', 'é', '--', '{memory_kib}']";
    check(outputs(&report) == [expected], || format!("{report:?}"))
}
