//! The text of a `language.toml`, checked field by field. Every refusal has a line and a field.

use std::collections::BTreeMap;

use regex::Regex;
use serde::Deserialize;
use toml::Spanned;

use super::container::{RawContainer, is_image};
use super::wrap::RawWrap;
use super::{
    Container, ContainerSource, Innermost, Language, LanguageError, Messages, Mode, ModeSpec, Packages, Preparation,
    WarmKind, WarmSpec, Wrap, Wrapper, is_file_name, multi_line,
};
use crate::LimitsRequest;
use crate::text::one_line;

/// The file as written, before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLanguage {
    id: Spanned<String>,
    name: String,
    #[serde(default)]
    aliases: Vec<Spanned<String>>,
    #[serde(default)]
    extensions: Vec<Spanned<String>>,
    #[serde(default)]
    packages: Vec<Spanned<String>>,
    #[serde(default)]
    npm: Vec<Spanned<String>>,
    #[serde(default)]
    pypi: Vec<Spanned<String>>,
    version_command: Spanned<Vec<String>>,
    paths: Vec<Spanned<String>>,
    #[serde(default)]
    optional_paths: Vec<Spanned<String>>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    #[serde(default)]
    fake_locks: bool,
    #[serde(default)]
    limits: LimitsRequest,
    dagger: Option<Spanned<RawContainer>>,
    modes: Spanned<BTreeMap<Mode, Spanned<RawMode>>>,
    error_line: Option<Spanned<String>>,
    #[serde(default)]
    diagnostics: Vec<Spanned<String>>,
    trace: Option<RawTrace>,
    #[serde(default)]
    without: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTrace {
    pattern: Spanned<String>,
    innermost: Innermost,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMode {
    source: Spanned<String>,
    #[serde(default)]
    harness: Vec<Spanned<String>>,
    compile: Option<Spanned<Vec<String>>>,
    artifact: Option<Spanned<String>>,
    check: Option<Spanned<Vec<String>>>,
    run: Spanned<Vec<String>>,
    lift: Option<Spanned<String>>,
    #[serde(default)]
    wrap: Vec<RawWrap>,
    warm: Option<RawWarm>,
    warm_compile: Option<Spanned<RawWarm>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWarm {
    kind: WarmKind,
    files: Vec<Spanned<String>>,
    command: Spanned<Vec<String>>,
}

/// See [`Language::parse`].
pub(super) fn parse(file: &str, text: &str) -> Result<Language, LanguageError> {
    let page = Page { file, text };
    let raw: RawLanguage = toml::from_str(text).map_err(|error| {
        let message = one_line(error.message());
        match error.span() {
            Some(span) => page.at(span.start, message),
            None => LanguageError { file: file.to_owned(), line: None, message },
        }
    })?;
    for (field, name) in std::iter::once(("id", &raw.id)).chain(raw.aliases.iter().map(|alias| ("aliases", alias))) {
        let allowed = "must be 1 to 32 lower-case letters, digits, `+`, `#`, `.` or `-`";
        page.check(name, is_name, |name| format!("{field}: `{name}` {allowed}"))?;
    }
    for extension in &raw.extensions {
        let allowed = "must be 1 to 16 letters, digits, `+`, `_` or `-`, without the dot";
        page.check(extension, is_extension, |extension| format!("extensions: `{extension}` {allowed}"))?;
    }
    let packages = packages(&page, &raw)?;
    page.command("version_command", &raw.version_command)?;
    for (field, path) in raw
        .paths
        .iter()
        .map(|path| ("paths", path))
        .chain(raw.optional_paths.iter().map(|path| ("optional_paths", path)))
    {
        page.check(path, is_absolute, |path| format!("{field}: `{path}` must be an absolute path"))?;
    }
    if raw.modes.get_ref().is_empty() {
        return Err(page.at(raw.modes.span().start, "modes: at least one of `function`, `program`".to_owned()));
    }
    let dagger = raw.dagger.map(|raw| container(&page, raw)).transpose()?;
    let messages = messages(&page, raw.error_line, &raw.diagnostics, raw.trace)?;
    let modes = raw.modes.into_inner().into_iter();
    let modes = modes.map(|(mode, raw)| Ok((mode, mode_spec(&page, mode, raw)?)));
    Ok(Language {
        modes: modes.collect::<Result<_, LanguageError>>()?,
        id: raw.id.into_inner(),
        name: raw.name,
        aliases: plain(raw.aliases),
        further_extensions: plain(raw.extensions),
        packages,
        version_command: raw.version_command.into_inner(),
        paths: plain(raw.paths),
        optional_paths: plain(raw.optional_paths),
        env: raw.env,
        fake_locks: raw.fake_locks,
        limits: raw.limits,
        dagger,
        messages,
        without: raw.without,
    })
}

fn packages(page: &Page<'_>, raw: &RawLanguage) -> Result<Packages, LanguageError> {
    for name in &raw.packages {
        page.check(name, is_debian_package, |name| format!("packages: `{name}` is no name of a Debian package"))?;
    }
    for name in &raw.npm {
        let form = |name: &str| format!("npm: `{name}` must be a name and an exact version: `name@1.2.3`");
        page.check(name, |name| is_pinned(name, "@"), form)?;
    }
    for name in &raw.pypi {
        let form = |name: &str| format!("pypi: `{name}` must be a name and an exact version: `name==1.2.3`");
        page.check(name, |name| is_pinned(name, "=="), form)?;
    }
    let (debian, npm, pypi) = (raw.packages.clone(), raw.npm.clone(), raw.pypi.clone());
    Ok(Packages { debian: plain(debian), npm: plain(npm), pypi: plain(pypi) })
}

fn container(page: &Page<'_>, raw: Spanned<RawContainer>) -> Result<Container, LanguageError> {
    let start = raw.span().start;
    let RawContainer { image, archive, root, links } = raw.into_inner();
    let absolute = |field: &str, path: &Spanned<String>| {
        page.check(path, is_absolute, |path| format!("dagger.{field}: `{path}` must be an absolute path"))
    };
    let source = match (image, archive, root) {
        (Some(image), None, None) => {
            let form = "must be an image such as `python:3.11` or `python@sha256:…`";
            page.check(&image, is_image, |image| format!("dagger.image: `{image}` {form}"))?;
            ContainerSource::Image(image.into_inner())
        }
        (None, Some(archive), None) => {
            absolute("archive", &archive)?;
            ContainerSource::Archive(archive.into_inner())
        }
        (None, None, Some(root)) => {
            absolute("root", &root)?;
            ContainerSource::Root(root.into_inner())
        }
        _ => return Err(page.at(start, "dagger: exactly one of `image`, `archive` and `root`".to_owned())),
    };
    for (link, target) in &links {
        absolute("links", link)?;
        absolute("links", target)?;
    }
    let links = links.into_iter().map(|(link, target)| (link.into_inner(), target.into_inner())).collect();
    Ok(Container { source, links })
}

fn messages(
    page: &Page<'_>,
    error_line: Option<Spanned<String>>,
    diagnostics: &[Spanned<String>],
    trace: Option<RawTrace>,
) -> Result<Messages, LanguageError> {
    let diagnostics = diagnostics.iter().map(|pattern| page.pattern("diagnostics", pattern, &["line", "message"]));
    let trace = trace
        .map(|RawTrace { pattern, innermost }| Ok((page.pattern("trace.pattern", &pattern, &["line"])?, innermost)));
    Ok(Messages {
        error_line: error_line.map(|pattern| page.pattern("error_line", &pattern, &[])).transpose()?,
        diagnostics: diagnostics.collect::<Result<_, _>>()?,
        trace: trace.transpose()?,
    })
}

fn mode_spec(page: &Page<'_>, mode: Mode, raw: Spanned<RawMode>) -> Result<ModeSpec, LanguageError> {
    let field = |name: &str| format!("modes.{}.{name}", mode.name());
    let start = raw.span().start;
    let RawMode { source, harness, compile, artifact, check, run, lift, wrap, warm, warm_compile } = raw.into_inner();
    let files = std::iter::once(("source", &source))
        .chain(harness.iter().map(|name| ("harness", name)))
        .chain(artifact.iter().map(|name| ("artifact", name)));
    let mut names: Vec<&str> = Vec::new();
    for (part, name) in files {
        page.check(name, is_file_name, |name| format!("{}: `{name}` must be a plain file name", field(part)))?;
        let is_new = |name: &str| !names.contains(&name);
        page.check(name, is_new, |name| format!("{}: `{name}` is another file's name already", field(part)))?;
        names.push(name.get_ref());
    }
    page.command(&field("run"), &run)?;
    let preparation = match (compile, artifact, check) {
        (Some(command), Some(artifact), None) => {
            page.command(&field("compile"), &command)?;
            Preparation::Compile { command: command.into_inner(), artifact: artifact.into_inner() }
        }
        (None, None, Some(command)) => {
            page.command(&field("check"), &command)?;
            Preparation::Check(command.into_inner())
        }
        (None, None, None) => Preparation::None,
        (Some(_), _, Some(_)) => {
            return Err(page.at(start, format!("{}: what is compiled needs no check", field("check"))));
        }
        (Some(_), None, None) => {
            return Err(page.at(start, format!("{}: is missing beside compile", field("artifact"))));
        }
        (None, Some(_), _) => return Err(page.at(start, format!("{}: there is no compile", field("artifact")))),
    };
    let warm = warm.map(|raw| warm_spec(page, &field("warm"), raw)).transpose()?;
    if let (Some(raw), false) = (&warm_compile, matches!(preparation, Preparation::Compile { .. })) {
        return Err(page.at(raw.span().start, format!("{}: there is no compile", field("warm_compile"))));
    }
    let warm_compile = warm_compile.map(|raw| warm_spec(page, &field("warm_compile"), raw.into_inner())).transpose()?;
    // Anchored: what is lifted is what the code begins with.
    let lift = lift.map(|pattern| page.regex(&field("lift"), &pattern, |text| Regex::new(&format!(r"\A(?:{text})"))));
    let wraps = wrap.into_iter().map(|RawWrap { when, before, after, indent }| {
        let when = when.map(|pattern| page.pattern(&field("wrap.when"), &pattern, &[])).transpose()?;
        Ok(Wrap { when, before, after, indent })
    });
    Ok(ModeSpec {
        wrapper: Wrapper { lift: lift.transpose()?, wraps: wraps.collect::<Result<_, LanguageError>>()? },
        source: source.into_inner(),
        harness: plain(harness),
        preparation,
        run: run.into_inner(),
        warm,
        warm_compile,
    })
}

fn warm_spec(page: &Page<'_>, field: &str, raw: RawWarm) -> Result<WarmSpec, LanguageError> {
    let RawWarm { kind, files, command } = raw;
    for (index, name) in files.iter().enumerate() {
        page.check(name, is_file_name, |name| format!("{field}.files: `{name}` must be a plain file name"))?;
        let is_new = |name: &str| files[..index].iter().all(|other| other.get_ref() != name);
        page.check(name, is_new, |name| format!("{field}.files: `{name}` is there twice"))?;
    }
    page.command(&format!("{field}.command"), &command)?;
    Ok(WarmSpec { kind, files: plain(files), command: command.into_inner() })
}

/// The text and its name, for errors that say where.
struct Page<'a> {
    file: &'a str,
    text: &'a str,
}

impl Page<'_> {
    fn at(&self, offset: usize, message: String) -> LanguageError {
        let line = self.text[..offset.min(self.text.len())].matches('\n').count() + 1;
        LanguageError { file: self.file.to_owned(), line: Some(line), message }
    }

    fn check(
        &self,
        value: &Spanned<String>,
        holds: impl Fn(&str) -> bool,
        message: impl Fn(&str) -> String,
    ) -> Result<(), LanguageError> {
        let text = value.get_ref().as_str();
        if holds(text) { Ok(()) } else { Err(self.at(value.span().start, message(text))) }
    }

    fn command(&self, field: &str, command: &Spanned<Vec<String>>) -> Result<(), LanguageError> {
        match command.get_ref().first() {
            Some(program) if program.starts_with('/') => Ok(()),
            _ => Err(self.at(command.span().start, format!("{field}: the first word must be an absolute path"))),
        }
    }

    fn pattern(&self, field: &str, pattern: &Spanned<String>, groups: &[&str]) -> Result<Regex, LanguageError> {
        let regex = self.regex(field, pattern, multi_line)?;
        match groups.iter().find(|group| !regex.capture_names().flatten().any(|name| name == **group)) {
            Some(group) => Err(self.at(pattern.span().start, format!("{field}: has no group `(?P<{group}>…)`"))),
            None => Ok(regex),
        }
    }

    fn regex(
        &self,
        field: &str,
        pattern: &Spanned<String>,
        build: impl Fn(&str) -> Result<Regex, regex::Error>,
    ) -> Result<Regex, LanguageError> {
        build(pattern.get_ref())
            .map_err(|error| self.at(pattern.span().start, format!("{field}: {}", one_line(&error.to_string()))))
    }
}

fn plain(texts: Vec<Spanned<String>>) -> Vec<String> {
    texts.into_iter().map(Spanned::into_inner).collect()
}

fn is_name(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "+#.-".contains(c);
    (1..=32).contains(&text.len()) && text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(allowed)
}

fn is_extension(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "+_-".contains(c);
    (1..=16).contains(&text.len()) && text.chars().all(allowed)
}

fn is_absolute(path: &str) -> bool {
    path.starts_with('/') && path.split('/').all(|part| part != "..")
}

/// Debian Policy 5.6.1.
fn is_debian_package(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "+-.".contains(c);
    name.len() > 1 && name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(allowed)
}

/// A name and a version that begins with a digit, and nothing a shell or an installer could take for more.
fn is_pinned(text: &str, between: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-+/@".contains(c);
    let Some((name, version)) = text.rsplit_once(between) else { return false };
    name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '@')
        && name.chars().all(allowed)
        && version.starts_with(|c: char| c.is_ascii_digit())
        && version.chars().all(|c| c.is_ascii_alphanumeric() || ".-+".contains(c))
}
