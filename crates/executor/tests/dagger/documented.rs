//! `docs/dagger.md` shows the documents that an engine is sent, word for word.

use std::fs;

use executor::dagger::documents::{self, Document, From, Run};
use libtest_mimic::Trial;

use crate::bench::repository;
use crate::trial;

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    vec![
        trial("documents::the_page_shows_what_is_sent".to_owned(), the_page_shows_what_is_sent),
        trial("documents::nothing_of_a_submission_is_in_a_query".to_owned(), nothing_of_a_submission_is_in_a_query),
    ]
}

fn submission() -> Document {
    let (base, user, job) = ("BASE", "0:0", "{\"version\":1}");
    documents::submission(Run { base, user, job, code_bytes: 1 << 20, scratch_bytes: 1 << 40 })
}

/// `UPDATE_DOCUMENTS=1` writes it.
fn the_page_shows_what_is_sent() {
    let file = repository().join("docs/dagger.md");
    let page = fs::read_to_string(&file).expect("docs/dagger.md is there");
    let base = documents::base(From::Image("python:3.11"), "RUNNER", &[("/usr/bin/python3", "/usr/local/bin/python3")]);
    let all = [
        documents::version(),
        documents::file("/usr/bin/code-runner-runner"),
        base,
        documents::base(From::Archive("ARCHIVE"), "RUNNER", &[]),
        documents::base(From::Root("ROOT"), "RUNNER", &[]),
        submission(),
    ];
    let shown = |document: &Document| format!("{}\n# {}\n", laid_out(&document.query), document.variables);
    let block = format!("```graphql\n{}```\n", all.iter().map(shown).collect::<Vec<_>>().join("\n"));
    let begin = page.find("```graphql\n").expect("the page has a block of GraphQL");
    let end = begin + page[begin..].find("\n```\n").expect("that ends") + 5;
    if std::env::var_os("UPDATE_DOCUMENTS").is_some() {
        fs::write(&file, format!("{}{block}{}", &page[..begin], &page[end..])).expect("can be written");
    } else {
        assert_eq!(&page[begin..end], block);
    }
}

/// A step on each line.
fn laid_out(query: &str) -> String {
    // No text in a query has such brackets.
    let broken = query.replace('{', "{\n").replace('}', "\n}\n");
    let (mut text, mut depth) = (String::new(), 0_usize);
    for line in broken.lines().map(str::trim).filter(|line| !line.is_empty()) {
        depth -= usize::from(line.starts_with('}'));
        text.push_str(&format!("{}{line}\n", "  ".repeat(depth)));
        depth += usize::from(line.ends_with('{'));
    }
    text.trim_end().to_owned()
}

fn nothing_of_a_submission_is_in_a_query() {
    let Document { query, variables } = submission();
    assert!(!query.contains("BASE") && !query.contains("version"), "{query}");
    assert_eq!(variables["job"], "{\"version\":1}");
    assert_eq!(variables["scratch"], i64::from(i32::MAX), "an Int has no more");
}
