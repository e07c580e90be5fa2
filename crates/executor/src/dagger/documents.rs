//! Every GraphQL document that an engine is sent, and nothing of what comes back.
//!
//! They are fixed texts with variables, so that nothing of a submission is ever part of a query's text. A snapshot holds them
//! (`docs/dagger.md` shows it), and one of them runs a submission: everything it needs goes in as the standard input of the
//! runner, and one text comes out.

use serde_json::{Value, json};

/// A query with its variables: the body of a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The text.
    pub query: String,
    /// What it is asked with.
    pub variables: Value,
}

/// Where the runner is in every container.
const RUNNER: &str = "/.code-runner/runner";

/// The largest size that can be said: an `Int` of GraphQL has 32 bits.
const MOST_SIZE: u64 = i32::MAX as u64;

/// What `/var/tmp` has, in bytes: programs are not to use it.
const VAR_TMP_BYTES: u64 = 1 << 20;

/// Makes the links of a container, given as pairs of target and link.
const LINKS: &str = r#"while [ $# -gt 1 ]; do mkdir -p "${2%/*}"; ln -sfn "$1" "$2"; shift 2; done"#;

/// Which engine is it?
pub fn version() -> Document {
    Document { query: "query Version { version }".to_owned(), variables: json!({}) }
}

/// A file of the host on which the session is.
pub fn file(path: &str) -> Document {
    let query = "query File($path: String!) { host { file(path: $path) { id } } }".to_owned();
    Document { query, variables: json!({ "path": path }) }
}

/// A folder of that host.
pub fn folder(path: &str) -> Document {
    let query = "query Folder($path: String!) { host { directory(path: $path) { id } } }".to_owned();
    Document { query, variables: json!({ "path": path }) }
}

/// Where the files of a container come from, for [`base`].
#[derive(Debug, Clone, Copy)]
pub enum From<'a> {
    /// An image, by its name.
    Image(&'a str),
    /// The id of a file with an archive.
    Archive(&'a str),
    /// The id of a folder.
    Root(&'a str),
}

/// The container of a language with the runner in it, once in a session. `links` are pairs of link and target.
pub fn base(from: From<'_>, runner: &str, links: &[(&str, &str)]) -> Document {
    let (declared, selected, mut variables) = match from {
        From::Image(name) => ("$image: String!", "from(address: $image)", json!({ "image": name })),
        From::Archive(id) => ("$archive: ID!", "import(source: $archive)", json!({ "archive": id })),
        From::Root(id) => ("$root: ID!", "withRootfs(directory: $root)", json!({ "root": id })),
    };
    variables["runner"] = json!(runner);
    let mut steps = vec![
        selected.to_owned(),
        "withUser(name: \"0:0\")".to_owned(),
        format!("withFile(path: \"{RUNNER}\", source: $runner, permissions: 365)"),
        "withNewFile(path: \"/answer\", contents: \"\", permissions: 438)".to_owned(),
        "withNewFile(path: \"/artifact\", contents: \"\", permissions: 438)".to_owned(),
    ];
    let mut links_declared = "";
    if !links.is_empty() {
        let pairs = links.iter().flat_map(|(link, target)| [*target, *link]);
        variables["links"] = ["/bin/sh", "-ec", LINKS, "links"].into_iter().chain(pairs).collect();
        steps.push("withExec(args: $links)".to_owned());
        links_declared = ", $links: [String!]!";
    }
    steps.push("sync".to_owned());
    let query = format!("query Base({declared}, $runner: ID!{links_declared}) {{ container {} }}", nested(&steps));
    Document { query, variables }
}

/// What one submission is run with.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// The id of the language's container.
    pub base: &'a str,
    /// Who the runner is, as `uid:gid`.
    pub user: &'a str,
    /// What the runner reads.
    pub job: &'a str,
    /// Bytes of `/code`.
    pub code_bytes: u64,
    /// Bytes of `/box`, and of `/tmp`.
    pub scratch_bytes: u64,
}

/// One submission: the only document that runs a student's code. `noInit` makes the runner PID 1.
pub fn submission(run: Run<'_>) -> Document {
    let Run { base, user, job, code_bytes, scratch_bytes } = run;
    let temp = |path: &str, size: &str| format!("withMountedTemp(path: \"{path}\", size: {size})");
    let exec = format!("withExec(args: [\"{RUNNER}\", \"container\"], stdin: $job, expect: ANY, noInit: true)");
    let steps = [
        "withUser(name: $user)".to_owned(),
        temp("/code", "$code"),
        temp("/box", "$scratch"),
        temp("/tmp", "$scratch"),
        temp("/var/tmp", &VAR_TMP_BYTES.to_string()),
        exec,
        "stdout".to_owned(),
    ];
    let declared = "$base: ID!, $user: String!, $code: Int!, $scratch: Int!, $job: String!";
    let query = format!("query Submission({declared}) {{ node(id: $base) {{ ... on Container {} }} }}", nested(&steps));
    let variables = json!({
        "base": base,
        "user": user,
        "job": job,
        "code": code_bytes.min(MOST_SIZE),
        "scratch": scratch_bytes.min(MOST_SIZE),
    });
    Document { query, variables }
}

/// `{ a { b { c } } }`
fn nested(steps: &[String]) -> String {
    let opened: String = steps.iter().map(|step| format!("{{ {step} ")).collect();
    opened + &"} ".repeat(steps.len() - 1) + "}"
}
