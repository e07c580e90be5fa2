//! From a request to a [`Submission`]: the one place where raw values become ones that can only be
//! valid. The API and `code-runner run` both come through here.

use model::{ExecId, Language, Limits, Mode, Submission};
use uuid::Uuid;

use crate::config::Config;
use crate::error::{ApiError, Code};
use crate::wire::{ModeName, RunRequest};

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
        let RunRequest { code, inputs, language, mode, limits } = request;
        self.check_sizes(&code, &inputs)?;
        let language = self.language(language.as_deref())?;
        let mode = checked_mode(language, mode)?;
        let limits = self.limits.lowered(&limits.unwrap_or_default().into()).map_err(|error| {
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

fn too_long(field: &str, most: &str) -> ApiError {
    ApiError::invalid(Code::TooLong, field, format!("`{field}` is longer than {most}"))
}
