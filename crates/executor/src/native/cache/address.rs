//! The address of a compilation: one digest of everything that it depends on.
//!
//! Each part is hashed with its length in front, and each list with its number of parts, so that two different
//! compilations never look the same. Whose submission it is does not belong to it; that is what shelves are for.

use model::Submission;
use sandbox::{FileKind, Template};
use sha2::{Digest, Sha256};

use crate::plan::{CompilePlan, Plan, PlannedFile};

/// Equal only if everything was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Address([u8; 32]);

/// The digest of a kind of box: its command, environment, files and limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipe([u8; 32]);

/// What a compiler is given.
pub struct Given<'a> {
    /// The kind of its box.
    pub recipe: &'a Recipe,
    /// What the tool chain calls itself.
    pub version: &'a str,
    /// Whose code it is, and what was asked for.
    pub submission: &'a Submission,
    /// What stands in the box.
    pub plan: &'a Plan,
    /// What is to come of it.
    pub compile: &'a CompilePlan,
}

impl Recipe {
    /// Of this template.
    pub fn of(template: &Template) -> Self {
        let Template { name, root, argv, env, product, fake_locks, ceiling, warm } = template;
        let sandbox::Root { binds, links, files, own_files } = root;
        let sandbox::Limits { cpu_time, wall_time, memory_kib, processes, output_bytes, file_bytes, open_files } =
            ceiling;
        let mut parts = Parts::default();
        parts.text(name);
        parts.list(binds, |parts, bind| {
            let sandbox::Bind { source, target, is_folder, writable } = bind;
            parts.bytes(source.as_os_str().as_encoded_bytes());
            parts.text(target);
            parts.numbers(&[(*is_folder).into(), (*writable).into()]);
        });
        let pair = |parts: &mut Parts, (path, content): &(String, String)| {
            parts.text(path);
            parts.text(content);
        };
        for pairs in [links, files, own_files] {
            parts.list(pairs, pair);
        }
        parts.list(warm.as_slice(), |parts, sandbox::Warm { kind, argv, files }| {
            parts.numbers(&[match kind {
                sandbox::WarmKind::Process => 0,
                sandbox::WarmKind::Fork => 1,
            }]);
            parts.list(argv, |parts, word| parts.text(word));
            parts.list(files, pair);
        });
        for words in [argv, env] {
            parts.list(words, |parts, word| parts.text(word));
        }
        parts.list(product.as_slice(), |parts, product| parts.text(product));
        parts.numbers(&[(*fake_locks).into()]);
        parts.numbers(&[cpu_time.as_nanos(), wall_time.as_nanos()]);
        parts.numbers(
            &[*memory_kib, (*processes).into(), *output_bytes, *file_bytes, (*open_files).into()].map(u128::from),
        );
        Self(parts.digest())
    }
}

impl Given<'_> {
    /// Where what comes of it is kept.
    pub fn address(&self) -> Address {
        let Self { recipe, version, submission, plan, compile } = self;
        let CompilePlan { boxes: _, artifact } = compile;
        let mut parts = Parts::default();
        parts.bytes(&recipe.0);
        for text in [version, &*submission.language, submission.mode.name(), artifact] {
            parts.text(text);
        }
        // The code as it was sent decides upon the lines in messages, which are kept too.
        parts.text(&submission.code);
        parts.list(&plan.files, |parts, PlannedFile { name, kind, content }| {
            parts.text(name);
            parts.numbers(&[match kind {
                FileKind::Code => 0,
                FileKind::Executable => 1,
                FileKind::Data => 2,
            }]);
            parts.bytes(content);
        });
        parts.list(&submission.compile_options, |parts, word| parts.text(word));
        Address(parts.digest())
    }
}

/// What was given, on its way into the digest.
#[derive(Default)]
struct Parts(Sha256);

impl Parts {
    fn numbers(&mut self, numbers: &[u128]) {
        numbers.iter().for_each(|number| self.0.update(number.to_le_bytes()));
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.numbers(&[bytes.len() as u128]);
        self.0.update(bytes);
    }

    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn list<T>(&mut self, elements: &[T], each: impl Fn(&mut Self, &T)) {
        self.numbers(&[elements.len() as u128]);
        elements.iter().for_each(|element| each(self, element));
    }

    fn digest(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}
