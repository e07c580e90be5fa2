//! From a request to a [`Submission`]: the one place where raw values become ones that can only be
//! valid. The API and `code-runner run` both come through here.

mod grading;

use executor::Executor;
use model::{ExecId, Language, Limits, LimitsRequest, Mode, Preparation, Priority, Submission, SubmittedFile};
use uuid::Uuid;

use crate::callbacks::targets::Targets;
use crate::config::Config;
use crate::error::{ApiError, Code};
use crate::wire::{Encoding, FileBody, LanguageBody, Languages, ModeName, PriorityName, RunRequest};

/// How large the parts of a request may be.
#[derive(Debug, Clone)]
pub struct Sizes {
    /// Bytes of a body.
    pub body_bytes: usize,
    /// Bytes of the code.
    pub code_bytes: usize,
    /// Number of inputs.
    pub inputs: usize,
    /// Bytes of one input.
    pub input_bytes: usize,
}

/// Files beside the code in one request. What a launcher takes at once is bounded by the kernel (SCM_MAX_FD).
pub const MOST_FILES: usize = 32;
/// Words in each of `compile_options` and `args`.
pub const MOST_WORDS: usize = 64;
/// Bytes of all words of such a list together.
const MOST_WORD_BYTES: usize = 16 * 1024;

/// What a submission has to fulfil on this server.
#[derive(Debug, Clone)]
pub struct Rules {
    /// The languages there are.
    pub languages: Vec<Language>,
    /// The name of the one that applies when a request names none.
    pub default_language: String,
    /// The operator's maximum.
    pub limits: Limits,
    /// The operator's bounds for requests.
    pub sizes: Sizes,
    /// Where callbacks may go.
    pub callback_targets: Targets,
}

impl Rules {
    /// The rules of this configuration.
    ///
    /// # Errors
    /// The sentence for the operator, if the default language does not exist.
    pub fn new(config: &Config, languages: Vec<Language>) -> Result<Self, String> {
        let rules = Self {
            languages,
            default_language: config.language.clone(),
            limits: config.limits(),
            sizes: Sizes {
                body_bytes: config.max_body_bytes,
                code_bytes: config.max_code_bytes,
                inputs: config.max_inputs,
                input_bytes: config.max_input_bytes,
            },
            callback_targets: config.callback_targets.clone(),
        };
        match rules.find(&rules.default_language) {
            Some(_) => Ok(rules),
            None => Err(format!(
                "CODE_LANGUAGE is `{}`; allowed is {} (the languages in {})",
                rules.default_language,
                rules.names(),
                config.languages_dir.display(),
            )),
        }
    }

    /// The submission that `request` asks for, with a fresh id.
    ///
    /// # Errors
    /// 422 with the field and what is allowed.
    pub fn submission(&self, request: RunRequest, owner: &str) -> Result<Submission, ApiError> {
        let RunRequest {
            code,
            inputs,
            tests,
            checker,
            language,
            mode,
            limits,
            files,
            compile_options,
            args,
            compile_cache,
            priority,
            student,
            callback_url,
            no_store,
        } = request;
        let no_store = no_store.unwrap_or(false);
        self.check_sizes(&code, &inputs)?;
        let (inputs, grading) = match tests {
            None => (inputs, None),
            Some(tests) => self.grading(tests, checker).map(|(inputs, grading)| (inputs, Some(grading)))?,
        };
        let language = self.language(language.as_deref())?;
        let mode = checked_mode(language, mode)?;
        let files = checked_files(language, mode, files)?;
        check_options(language, mode, &compile_options, &args)?;
        let asked = LimitsRequest::from(limits.unwrap_or_default());
        let asked = asked.or(&self.default_limits(language).as_request());
        let limits = self.limits.lowered(&asked).map_err(|error| {
            let field = format!("limits.{}", error.field);
            let detail = format!("`{field}` must be a whole number from {} to {}", error.least, error.most);
            ApiError::invalid(Code::OutOfRange, field, detail)
        })?;
        Ok(Submission {
            id: ExecId::new(Uuid::new_v4()),
            owner: owner.to_owned(),
            language: language.id.clone(),
            mode,
            code,
            inputs,
            limits,
            files,
            compile_options,
            args,
            // What is kept of it would stay in memory.
            compile_cache: compile_cache.unwrap_or(true) && !no_store,
            priority: priority.map_or_else(Priority::default, |PriorityName(priority)| priority),
            student: student.map(|student| checked_student("student", student)).transpose()?,
            callback_url: callback_url.map(|url| self.checked_callback_url(&url)).transpose()?,
            no_store,
            grading,
        })
    }

    fn check_sizes(&self, code: &str, inputs: &[String]) -> Result<(), ApiError> {
        let Sizes { body_bytes: _, code_bytes, inputs: most_inputs, input_bytes } = self.sizes;
        if code.len() > code_bytes {
            return Err(too_long("code", &format!("{code_bytes} bytes")));
        }
        if inputs.len() > most_inputs {
            return Err(too_long("inputs", &format!("{most_inputs} elements")));
        }
        match inputs.iter().position(|input| input.len() > input_bytes) {
            Some(index) => Err(too_long(&format!("inputs[{index}]"), &format!("{input_bytes} bytes"))),
            None => Ok(()),
        }
    }

    /// The address of a callback in its one spelling.
    fn checked_callback_url(&self, url: &str) -> Result<String, ApiError> {
        self.callback_targets
            .checked(url)
            .map(String::from)
            .map_err(|wrong| ApiError::invalid(Code::InvalidValue, "callback_url", format!("`callback_url` {wrong}")))
    }

    /// The languages as clients see them, each as it stands on this executor; with what this host said of those that can not
    /// be used where `in_full`.
    pub fn describe(&self, executor: &dyn Executor, in_full: bool) -> Languages {
        let describe = |language: &Language| {
            let (default, maximum) = (self.default_limits(language), self.limits.clone());
            LanguageBody::new(language, &executor.language(&language.id), default, maximum, in_full)
        };
        let default = self.find(&self.default_language).map_or_else(String::new, |language| language.id.clone());
        Languages { default, languages: self.languages.iter().map(describe).collect() }
    }

    /// What applies to a run in this language when the request says nothing.
    pub fn default_limits(&self, language: &Language) -> Limits {
        self.limits.default_with(&language.limits)
    }

    fn language(&self, name: Option<&str>) -> Result<&Language, ApiError> {
        self.find(name.unwrap_or(&self.default_language)).ok_or_else(|| {
            let detail = format!("`language` must be one of {}", self.names());
            ApiError::invalid(Code::UnknownLanguage, "language", detail)
        })
    }

    fn find(&self, name: &str) -> Option<&Language> {
        self.languages.iter().find(|language| language.answers_to(name))
    }

    fn names(&self) -> String {
        let ids: Vec<String> = self.languages.iter().map(|language| format!("`{}`", language.id)).collect();
        if ids.is_empty() { "none".to_owned() } else { ids.join(", ") }
    }
}

fn checked_mode(language: &Language, mode: Option<ModeName>) -> Result<Mode, ApiError> {
    let ModeName(mode) = mode.unwrap_or(ModeName(Mode::Function));
    if language.modes.contains_key(&mode) {
        return Ok(mode);
    }
    let has: Vec<&str> = language.modes.keys().map(|mode| mode.name()).collect();
    let detail = format!("`{}` has no mode `{}`; it has `{}`", language.id, mode.name(), has.join("`, `"));
    Err(ApiError::invalid(Code::UnsupportedMode, "mode", detail))
}

/// The files with their content decoded. Names are taken exactly, so that none can be mistaken for another.
fn checked_files(language: &Language, mode: Mode, files: Vec<FileBody>) -> Result<Vec<SubmittedFile>, ApiError> {
    let own = language.own_files(mode);
    let mut checked: Vec<SubmittedFile> = Vec::with_capacity(files.len());
    for (index, FileBody { name, content, encoding }) in files.into_iter().enumerate() {
        let field = format!("files[{index}].name");
        let refused =
            |detail: &str| ApiError::invalid(Code::InvalidFileName, field.clone(), format!("`{field}` {detail}"));
        if !model::language::is_file_name(&name) {
            return Err(refused(
                "must be 1 to 64 letters, digits, `.`, `_` or `-` of ASCII and begin with a letter or digit; there are no folders",
            ));
        }
        if own.contains(&name.as_str()) {
            return Err(refused("is the name of a file that Code Runner puts there itself"));
        }
        if checked.iter().any(|file| file.name == name) {
            return Err(refused("is the name of another file of this request"));
        }
        let content = match encoding.unwrap_or(Encoding::Utf8) {
            Encoding::Utf8 => content.into_bytes(),
            Encoding::Base64 => model::base64_bytes::decode(&content).ok_or_else(|| {
                let field = format!("files[{index}].content");
                let detail = format!("`{field}` is no base64 with the standard alphabet and padding");
                ApiError::invalid(Code::InvalidEncoding, field, detail)
            })?,
        };
        checked.push(SubmittedFile { name, content });
    }
    Ok(checked)
}

/// The name of a student, which came as this field.
///
/// # Errors
/// 422 with what is allowed.
pub fn checked_student(field: &str, student: String) -> Result<String, ApiError> {
    if model::is_student(&student) {
        return Ok(student);
    }
    let allowed = "1 to 64 letters, digits, `.`, `_` or `-` of ASCII and begin with a letter or digit";
    Err(ApiError::invalid(Code::InvalidValue, field, format!("`{field}` must be {allowed}")))
}

fn check_options(language: &Language, mode: Mode, compile_options: &[String], args: &[String]) -> Result<(), ApiError> {
    let refused = |field: String, detail: String| Err(ApiError::invalid(Code::InvalidOption, field, detail));
    let is_compiled =
        language.modes.get(&mode).is_some_and(|spec| matches!(spec.preparation, Preparation::Compile { .. }));
    if !compile_options.is_empty() && !is_compiled {
        let detail = format!("`compile_options` is for languages that are compiled; `{}` is not", language.id);
        return refused("compile_options".to_owned(), detail);
    }
    if !args.is_empty() && mode != Mode::Program {
        return refused("args".to_owned(), "`args` is for the mode `program`".to_owned());
    }
    for (field, words) in [("compile_options", compile_options), ("args", args)] {
        if words.iter().map(String::len).sum::<usize>() > MOST_WORD_BYTES {
            return Err(too_long(field, &format!("{MOST_WORD_BYTES} bytes together")));
        }
        if let Some(index) = words.iter().position(|word| word.contains('\0')) {
            let field = format!("{field}[{index}]");
            let detail = format!("`{field}` holds a NUL character, which no command line can");
            return refused(field, detail);
        }
    }
    Ok(())
}

fn too_long(field: &str, most: &str) -> ApiError {
    ApiError::invalid(Code::TooLong, field, format!("`{field}` is longer than {most}"))
}
