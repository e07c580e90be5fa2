//! The compile cache with real compilers and programs: who finds what, and that nothing a program does is found by
//! the next.

use std::sync::Arc;

use executor::Executor;
use libtest_mimic::Trial;
use model::{CompileReport, Report, Submission, Verdict};

use crate::bench::{Bench, Test, check, named};
use crate::compile::{c, outputs};

/// A program that says which of all compilations it came from: the linker gives each program it makes another id.
const ID: &str = r#"#include <stdio.h>
int main(void) {
    int unused;
    FILE *self = fopen("/code/solution", "r");
    unsigned long digest = 5381;
    int byte;
    while ((byte = fgetc(self)) != EOF) digest = digest * 33 + (unsigned long)byte;
    printf("%lx\n", digest);
}
"#;

/// The tests of this file.
pub fn trials(bench: &Arc<Bench>) -> Vec<Trial> {
    let tests: [(&str, Test); 5] = [
        ("the_same_again_is_told_as_it_was", the_same_again_is_told_as_it_was),
        ("another_owner_finds_nothing", another_owner_finds_nothing),
        ("what_failed_is_done_again", what_failed_is_done_again),
        ("a_request_can_do_without", a_request_can_do_without),
        ("a_program_can_not_change_what_the_next_finds", a_program_can_not_change_what_the_next_finds),
    ];
    named(bench, tests)
}

/// Two compilations of this in the same program would differ. `test` keeps the tests apart.
fn with_id(test: &str) -> Submission {
    c(&format!("{ID}// {test}\n"), &["1", "2"], &["-Wl,--build-id=uuid", "-Wall"])
}

fn compile(report: &Report) -> Result<CompileReport, String> {
    report.compile.clone().ok_or_else(|| format!("{report:?}"))
}

fn the_same_again_is_told_as_it_was(bench: &Bench) -> Result<(), String> {
    let submission = with_id("again");
    let before = bench.executor.compile_cache();
    let first = bench.run_and_look_around(&submission)?;
    let second = bench.run_and_look_around(&submission)?;
    let after = bench.executor.compile_cache();
    check(first.verdict == Verdict::Ok && !compile(&first)?.cached, || format!("{first:?}"))?;
    check(compile(&first)?.output.contains("unused"), || format!("{first:?}"))?;
    check(outputs(&first) == outputs(&second), || format!("{first:?}\n{second:?}"))?;
    check(CompileReport { cached: true, ..compile(&first)? } == compile(&second)?, || format!("{second:?}"))?;
    check(!first.diagnostics.is_empty() && first.diagnostics == second.diagnostics, || format!("{second:?}"))?;
    check(second.phases.compile < first.phases.compile, || format!("{:?} {:?}", first.phases, second.phases))?;
    check((after.hits, after.misses) == (before.hits + 1, before.misses + 1), || format!("{before:?} {after:?}"))?;
    check(after.bytes > before.bytes, || format!("{before:?} {after:?}"))
}

fn another_owner_finds_nothing(bench: &Bench) -> Result<(), String> {
    let mine = with_id("owner");
    let theirs = Submission { owner: "somebody else".to_owned(), ..mine.clone() };
    let (first, second) = (bench.run_and_look_around(&mine)?, bench.run_and_look_around(&theirs)?);
    check(!compile(&second)?.cached, || format!("{second:?}"))?;
    check(outputs(&first) != outputs(&second), || format!("{second:?}"))?;
    // Both have their own from now on.
    for (submission, report) in [(mine, first), (theirs, second)] {
        let again = bench.run_and_look_around(&submission)?;
        check(compile(&again)?.cached && outputs(&again) == outputs(&report), || format!("{again:?}"))?;
    }
    Ok(())
}

fn what_failed_is_done_again(bench: &Bench) -> Result<(), String> {
    // Some of these have left a program when they fail.
    let broken = c("int main(void) { return 0 }", &["1"], &[]);
    let left = "/usr/bin/sh,-c,\"$0\" \"$@\"; cp /usr/bin/true /artifact; exit 1";
    let left = c("int main(void) {}", &["1"], &["-wrapper", left]);
    for submission in [broken, left] {
        for _ in 0..2 {
            let report = bench.run_and_look_around(&submission)?;
            check(report.verdict == Verdict::CompileError && !compile(&report)?.cached, || format!("{report:?}"))?;
        }
    }
    Ok(())
}

fn a_request_can_do_without(bench: &Bench) -> Result<(), String> {
    let with = with_id("without");
    let without = Submission { compile_cache: false, ..with.clone() };
    let made = [&without, &with, &without].map(|submission| bench.run_and_look_around(submission));
    let [first, second, third] =
        made.map(|report| report.map(|report| (compile(&report), outputs(&report)[0].to_owned())));
    let ((_, first), (second, id), (third, last)) = (first?, second?, third?);
    // The first was not kept, and the third does not take what the second has left.
    check(!second?.cached && !third?.cached, || "something was found".to_owned())?;
    check(first != id && id != last, || format!("{first} {id} {last}"))
}

fn a_program_can_not_change_what_the_next_finds(bench: &Bench) -> Result<(), String> {
    // It tries every way to its own file, and then says what that file is.
    let code = r#"#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
int main(void) {
    const char *paths[] = {"/code/solution", "/proc/self/exe", "/proc/self/map_files", "/proc/1/exe", "/artifact"};
    int changed = 0;
    for (int i = 0; i < 5; i++) {
        int fd = open(paths[i], O_RDWR);
        changed += fd >= 0 && write(fd, "changed", 7) == 7;
        changed += truncate(paths[i], 0) == 0;
        fd = open(paths[i], O_RDONLY);
        void *page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (page != MAP_FAILED) changed += ++*(char *)page != 0;
        changed += fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096) == 0;
        changed += unlink(paths[i]) == 0;
    }
    for (int fd = 3; fd < 64; fd++) changed += write(fd, "changed", 7) == 7;
    struct stat self;
    stat("/code/solution", &self);
    printf("%d changed, %ld bytes\n", changed, (long)self.st_size);
}
"#;
    let submission = c(code, &["1", "2"], &[]);
    let first = bench.run_and_look_around(&submission)?;
    check(first.verdict == Verdict::Ok, || format!("{first:?}"))?;
    check(outputs(&first)[0].starts_with("0 changed"), || format!("{first:?}"))?;
    for _ in 0..3 {
        let again = bench.run_and_look_around(&submission)?;
        check(compile(&again)?.cached && outputs(&again) == outputs(&first), || format!("{again:?}"))?;
    }
    Ok(())
}
