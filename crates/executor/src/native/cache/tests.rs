//! What is found, for whom, and what has to go.

use std::time::Duration;

use model::{ExecId, LineMap, Mode, Submission};
use sandbox::{FileKind, Limits, Root, Template};

use super::*;
use crate::plan::{BoxKind, CompilePlan, Plan, PlannedFile};

/// A change to one thing that a compiler is given.
type Change = fn(&mut World);

/// All that a compiler is given.
#[derive(Clone)]
struct World {
    template: Template,
    version: String,
    submission: Submission,
    plan: Plan,
    compile: CompilePlan,
}

impl World {
    fn new() -> Self {
        let boxes = BoxKind::Compile("toy".to_owned(), Mode::Program);
        let compile = CompilePlan { boxes: boxes.clone(), artifact: "solution".to_owned() };
        let file = |name: &str, kind| PlannedFile { name: name.to_owned(), kind, content: b"text".to_vec() };
        let ceiling = Limits {
            cpu_time: Duration::from_secs(1),
            wall_time: Duration::from_secs(1),
            memory_kib: 4096,
            processes: 1,
            output_bytes: 1,
            file_bytes: 4096,
            open_files: 16,
        };
        Self {
            template: Template {
                name: "toy compile program".to_owned(),
                root: Root::default(),
                argv: vec!["/usr/bin/toy".to_owned()],
                env: vec!["A=b".to_owned()],
                product: Some("/artifact".to_owned()),
                fake_locks: false,
                ceiling,
                warm: None,
            },
            version: "toy 1.0".to_owned(),
            submission: Submission {
                compile_options: vec!["-a".to_owned(), "b".to_owned()],
                ..Submission::plain(
                    ExecId::new(uuid::Uuid::new_v4()),
                    "anna",
                    "toy",
                    Mode::Program,
                    "code",
                    vec!["1".to_owned()],
                )
            },
            plan: Plan {
                files: vec![file("solution.toy", FileKind::Code), file("more", FileKind::Data)],
                lines: LineMap::straight("code"),
                compile: Some(compile.clone()),
                check: None,
                run: BoxKind::Run("toy".to_owned(), Mode::Program),
                has_answer: false,
            },
            compile,
        }
    }

    fn address(&self) -> Address {
        let Self { template, version, submission, plan, compile } = self;
        Given { recipe: &Recipe::of(template), version, submission, plan, compile }.address()
    }
}

fn cache(bytes: u64) -> CompileCache {
    CompileCache::new(CompileCacheSettings { bytes, scope: CacheScope::Key }, Vec::new())
}

/// What takes this much room.
fn sized(bytes: u64) -> Compiled {
    let length = usize::try_from(bytes - ENTRY_BYTES).expect("fits");
    let report = CompileReport {
        output: String::new(),
        truncated: false,
        exit_code: Some(0),
        cpu_time: Duration::ZERO,
        wall_time: Duration::ZERO,
        memory_kib: 0,
        cached: false,
    };
    Compiled { artifact: vec![7; length], report, diagnostics: Vec::new() }
}

/// An address of its own for each number.
fn address(number: u8) -> Address {
    let mut world = World::new();
    world.submission.code = number.to_string();
    world.address()
}

/// Which of these are kept, without using them.
fn kept(cache: &CompileCache, owner: &str, numbers: std::ops::Range<u8>) -> Vec<u8> {
    let content = lock(&cache.content);
    let has = |number: &u8| content.shelves[owner].entries.contains_key(&address(*number));
    numbers.filter(has).collect()
}

#[test]
fn everything_a_compiler_is_given_is_in_the_address() {
    let changes: [Change; 26] = [
        |world| world.template.name.push('x'),
        |world| world.template.argv.push(String::new()),
        |world| world.template.argv.push(world.template.env.remove(0)),
        |world| world.template.env[0].push('x'),
        |world| world.template.product = None,
        |world| world.template.fake_locks = true,
        |world| world.template.root.links.push(("/a".to_owned(), "/b".to_owned())),
        |world| world.template.root.files.push(("/a".to_owned(), "/b".to_owned())),
        |world| {
            let (source, target) = ("/a".into(), "/b".to_owned());
            world.template.root.binds.push(sandbox::Bind { source, target, is_folder: true, writable: false });
        },
        |world| world.template.ceiling.cpu_time += Duration::from_nanos(1),
        |world| world.template.ceiling.memory_kib += 1,
        |world| world.template.ceiling.open_files += 1,
        |world| world.version.push('1'),
        |world| world.submission.language.push('2'),
        |world| world.submission.mode = Mode::Function,
        |world| world.submission.code.push('\n'),
        |world| world.submission.compile_options.clear(),
        |world| world.submission.compile_options.reverse(),
        |world| world.submission.compile_options = vec!["-ab".to_owned()],
        |world| world.submission.compile_options = vec!["-ab".to_owned(), String::new()],
        |world| world.plan.files[0].content[0] ^= 1,
        |world| world.plan.files[0].name.push('x'),
        |world| world.plan.files[1].kind = FileKind::Code,
        |world| world.plan.files.truncate(1),
        |world| world.plan.files.reverse(),
        |world| world.compile.artifact.push('x'),
    ];
    let mut seen = vec![World::new().address()];
    for (number, change) in changes.into_iter().enumerate() {
        let mut world = World::new();
        change(&mut world);
        assert!(!seen.contains(&world.address()), "change {number}");
        seen.push(world.address());
    }
}

#[test]
fn what_a_run_is_given_is_not_in_the_address() {
    let mut world = World::new();
    world.submission.id = ExecId::new(uuid::Uuid::new_v4());
    world.submission.inputs.push("2".to_owned());
    world.submission.args.push("x".to_owned());
    world.submission.limits.memory_kib -= 1;
    assert_eq!(world.address(), World::new().address());
}

#[test]
fn what_is_kept_is_found_and_counted() {
    let cache = cache(10_000);
    assert!(cache.find("anna", &address(1)).is_none());
    cache.keep("anna", address(1), sized(2000));
    assert_eq!(cache.find("anna", &address(1)).expect("is kept").artifact, vec![7; 976]);
    assert!(cache.find("anna", &address(2)).is_none());
    assert_eq!(cache.status(), CompileCacheStatus { hits: 1, misses: 2, bytes: 2000 });
}

#[test]
fn what_was_not_used_for_longest_goes_first() {
    let cache = cache(10_000);
    (0..5).for_each(|number| cache.keep("anna", address(number), sized(2000)));
    assert_eq!(kept(&cache, "anna", 0..5), [0, 1, 2, 3, 4]);
    assert!(cache.find("anna", &address(0)).is_some());
    cache.keep("anna", address(5), sized(2000));
    assert_eq!(kept(&cache, "anna", 0..6), [0, 2, 3, 4, 5]);
    // A large one takes the place of several.
    cache.keep("anna", address(6), sized(5000));
    assert_eq!(kept(&cache, "anna", 0..7), [0, 5, 6]);
    assert_eq!(cache.status().bytes, 9000);
}

#[test]
fn the_bound_holds_whatever_comes() {
    let cache = cache(10_000);
    for number in 0..200_u8 {
        let owner = ["anna", "berta", "carla"][usize::from(number % 3)];
        cache.keep(owner, address(number % 50), sized(1024 + u64::from(number) * 37));
        assert!(cache.status().bytes <= 10_000, "{:?}", cache.status());
    }
    let content = lock(&cache.content);
    for shelf in content.shelves.values() {
        let sizes = shelf.entries.values().map(|entry| entry.compiled.size());
        assert_eq!(sizes.sum::<u64>(), shelf.bytes);
        assert_eq!(shelf.entries.len(), shelf.by_use.len());
    }
}

#[test]
fn what_is_too_large_throws_nothing_out() {
    let cache = cache(10_000);
    cache.keep("anna", address(1), sized(2000));
    cache.keep("anna", address(2), sized(10_001));
    assert_eq!(kept(&cache, "anna", 0..3), [1]);
}

#[test]
fn the_first_of_two_equals_stays() {
    let cache = cache(10_000);
    cache.keep("anna", address(1), sized(2000));
    cache.keep("anna", address(1), sized(3000));
    assert_eq!(cache.find("anna", &address(1)).expect("is kept").artifact.len(), 976);
    assert_eq!(cache.status().bytes, 2000);
}

#[test]
fn owners_neither_find_nor_throw_out_what_others_have() {
    let cache = cache(10_000);
    cache.keep("anna", address(1), sized(2000));
    assert!(cache.find("berta", &address(1)).is_none());
    (2..60).for_each(|number| cache.keep("berta", address(number), sized(2000)));
    assert_eq!(kept(&cache, "anna", 0..60), [1]);
    assert_eq!(kept(&cache, "berta", 0..60), [58, 59]);
}

#[test]
fn a_place_is_of_the_owner_unless_all_share() {
    let world = World::new();
    let recipe = Recipe::of(&world.template);
    let World { template: _, version, submission, plan, compile } = &world;
    for (scope, is_found) in [(CacheScope::Key, false), (CacheScope::Shared, true)] {
        let cache = CompileCache::new(CompileCacheSettings { bytes: 10_000, scope }, Vec::new());
        let given = Given { recipe: &recipe, version, submission, plan, compile };
        let [mine, theirs] = ["anna", "berta"].map(|owner| cache.place(owner, &given).expect("it is on"));
        cache.keep(mine.owner, mine.address, sized(2000));
        assert!(mine.find().is_some());
        assert_eq!(theirs.find().is_some(), is_found, "{scope:?}");
    }
    let off = cache(0);
    assert!(off.place("anna", &Given { recipe: &recipe, version, submission, plan, compile }).is_none());
}
