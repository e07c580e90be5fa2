//! The body of `POST /run` for a submission to an exercise, and the digest of everything that its result depends on.
//!
//! Names of students are in neither: nobody who runs the code needs them.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::known::KnownLanguage;
use super::students::Work;
use super::tests_file::Exercise;

/// The body.
pub fn body(exercise: &Exercise, work: &Work) -> Value {
    let Work { language, code, files } = work;
    // What the exercise brings stands in the place of what a student calls the same.
    let is_students = |(name, _): &&(String, Vec<u8>)| !exercise.files.iter().any(|(ours, _)| ours == name);
    let files: Vec<Value> = files.iter().filter(is_students).chain(&exercise.files).map(file).collect();
    let tests: Vec<Value> = exercise.tests.iter().map(super::tests_file::Test::json).collect();
    let mut body = json!({"language": language, "mode": exercise.mode.name(), "code": code, "tests": tests});
    if let Some(checker) = &exercise.checker {
        body["checker"] = checker.clone();
    }
    if !exercise.limits.is_empty() {
        body["limits"] = Value::Object(exercise.limits.clone());
    }
    if !files.is_empty() {
        body["files"] = Value::Array(files);
    }
    if !exercise.compile_options.is_empty() {
        body["compile_options"] = json!(exercise.compile_options);
    }
    body
}

fn file((name, content): &(String, Vec<u8>)) -> Value {
    match std::str::from_utf8(content) {
        Ok(text) => json!({"name": name, "content": text}),
        Err(_) => json!({"name": name, "content": model::base64_bytes::encode(content), "encoding": "base64"}),
    }
}

/// What two runs that have it in common would both say: `place` is where it is run, `path` the student's file or folder.
pub fn digest(place: &str, path: &str, language: &KnownLanguage, body: &[u8]) -> String {
    let KnownLanguage { id, version, limits, .. } = language;
    let limits = limits.to_string();
    let parts: [&[u8]; 7] = [
        env!("CARGO_PKG_VERSION").as_bytes(),
        place.as_bytes(),
        path.as_bytes(),
        id.as_bytes(),
        version.as_deref().unwrap_or_default().as_bytes(),
        limits.as_bytes(),
        body,
    ];
    let mut digest = Sha256::new();
    for part in parts {
        // With the length in front, so that no two lists of parts are the same text.
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::graded::tests::exercise;
    use super::super::known::tests::languages;
    use super::*;

    fn work() -> Work {
        Work {
            language: "c".to_owned(),
            code: "int main;".to_owned(),
            files: vec![("a.h".to_owned(), b"x".to_vec()), ("words.txt".to_owned(), b"of the student".to_vec())],
        }
    }

    #[test]
    fn a_body_has_what_the_exercise_asks_and_no_name_of_a_student() {
        let mut exercise = exercise();
        assert_eq!(
            body(&exercise, &Work { files: Vec::new(), ..work() }),
            json!({"language": "c", "mode": "program", "code": "int main;", "tests": [
                {"input": "1", "expected": "1", "points": 1, "hidden": false, "name": "small"},
                {"input": "1", "expected": "1", "points": 2.5, "hidden": true, "name": "big"},
                {"input": "1", "expected": "1", "points": 0.5, "hidden": false},
            ]})
        );
        exercise.files = vec![("words.txt".to_owned(), vec![0xff])];
        exercise.checker = Some(json!("tokens"));
        exercise.limits.insert("cpu_time_ms".to_owned(), json!(100));
        exercise.compile_options = vec!["-O2".to_owned()];
        let body = body(&exercise, &work());
        assert_eq!(
            body["files"],
            json!([{"name": "a.h", "content": "x"}, {"name": "words.txt", "content": "/w==", "encoding": "base64"}])
        );
        assert_eq!(body["checker"], "tokens");
        assert_eq!((&body["limits"], &body["compile_options"]), (&json!({"cpu_time_ms": 100}), &json!(["-O2"])));
    }

    #[test]
    fn a_digest_is_of_everything_that_a_result_depends_on() {
        let languages = languages();
        let c = languages.named("c").unwrap();
        let mut later = c.clone();
        later.version = Some("c 2".to_owned());
        let mut limited = c.clone();
        limited.limits = json!({"maximum": 1});
        let digests = [
            digest("here", "ada.c", c, b"{}"),
            digest("here", "ada.c", c, b"{ }"),
            digest("there", "ada.c", c, b"{}"),
            digest("here", "ben.c", c, b"{}"),
            digest("here", "ada.c", &later, b"{}"),
            digest("here", "ada.c", &limited, b"{}"),
            digest("here", "ada.c", languages.named("cpp").unwrap(), b"{}"),
            digest("hereada", ".c", c, b"{}"),
        ];
        let distinct: std::collections::BTreeSet<&String> = digests.iter().collect();
        assert_eq!(distinct.len(), digests.len());
        assert_eq!(digests[0], digest("here", "ada.c", c, b"{}"));
        assert_eq!(digests[0].len(), 64);
    }
}
