//! `POST /run`: from the bytes of a body to a [`RunRequest`] whose fields have the right types.
//!
//! Taken apart by hand and not by derive, because every refusal names its field exactly
//! (`inputs[3]`, `limits.cpu_time_ms`). Whether the values make sense is for `validate` to say.

use model::{Limits, LimitsRequest, Mode, Priority};
use serde::Serialize;
use utoipa::ToSchema;

use super::grading::{self, CheckerBody, TestBody};
use super::names::{ModeName, PriorityName};
use crate::error::{ApiError, Code};
use crate::json::{self, Json, Shape};
use crate::validate::{MOST_FILES, MOST_WORDS};

/// The largest whole number that JSON carries exactly everywhere.
const MOST_EXACT: f64 = 9_007_199_254_740_991.0;

/// The fields of [`RunRequest`], for people.
const FIELDS: &str = "`code`, `inputs`, `tests`, `checker`, `language`, `mode`, `limits`, `files`, `compile_options`, `args`, `compile_cache`, `priority`, `student`, `callback_url` and `no_store`";

/// A student's code and what to run it on.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "return str(int(input_str) * int(input_str))", "inputs": ["4", "x"]}))]
pub struct RunRequest {
    /// The student's source text.
    #[schema(example = "return str(int(input_str) * int(input_str))")]
    pub code: String,
    /// One run each, in this order; the same text may stand here twice. Without any, the submission is
    /// done at once. May only be left out where there are `tests`.
    #[schema(required = false, example = json!(["4", "x"]))]
    pub inputs: Vec<String>,
    /// Inputs with what is expected of each, in the place of `inputs`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tests: Option<Vec<TestBody>>,
    /// How the output of tests is compared that do not say it themselves. Without it, `lines`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checker: Option<CheckerBody>,
    /// The language of the code: its id or one of its other names. Without it, the server's default
    /// language.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "python")]
    pub language: Option<String>,
    /// What `code` is. Without it, `function`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<ModeName>,
    /// What each run may use, where that is less than the server allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<LimitsBody>,
    /// What stands beside the code: further sources, and data the program reads. In a run they are in the
    /// current folder and can be changed there; a compiler finds them beside the code.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, nullable = true, max_items = 32)]
    pub files: Vec<FileBody>,
    /// Further words for the compiler's command line. Only for languages that are compiled.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, nullable = true, max_items = 64, example = json!([]))]
    pub compile_options: Vec<String>,
    /// Further words for the program's command line. Only in the mode `program`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, nullable = true, max_items = 64, example = json!([]))]
    pub args: Vec<String>,
    /// Whether what a compiler made of the same code, files and options before may be used, and this time's be kept.
    /// Without it, `true`. `compile.cached` in the result says whether it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(default = true)]
    pub compile_cache: Option<bool>,
    /// How urgent it is. Without it, `normal`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<PriorityName>,
    /// Whose code it is: a name that only you can read, such as a number of yours, for `DELETE /students/{tag}`. 1 to 64
    /// letters, digits, `.`, `_` or `-` of ASCII; begins with a letter or digit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "s-81f3", pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    pub student: Option<String>,
    /// Where to send the result when it is there: an address with `https` or `http`, which is sent a signed `POST` until it
    /// answers with a status 2xx. Where it may lead is said by the operator; private addresses are refused otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri", max_length = 2048, example = "https://lms.school.example/results")]
    pub callback_url: Option<String>,
    /// Whether nothing of the code and of what came of it is to be kept: the result is deleted within two minutes of being
    /// fetched, or told by a callback, for the first time, and after an hour if it never is. Nothing that was compiled is
    /// kept for the next time. Without it, `false`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(default = false)]
    pub no_store: Option<bool>,
}

/// A file beside the code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FileBody {
    /// 1 to 64 letters, digits, `.`, `_` or `-` of ASCII; begins with a letter or digit. There are no folders.
    #[schema(example = "numbers.txt", pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    pub name: String,
    /// What is in it.
    #[schema(example = "1\n2\n3\n")]
    pub content: String,
    /// How `content` is written. Without it, `utf8`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Encoding>,
}

/// How the content of a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// As text.
    Utf8,
    /// As base64 with the standard alphabet and padding, for any bytes.
    Base64,
}

/// What each run may use. A field that is left out means the server's maximum; none can be raised.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitsBody {
    /// CPU time of all processes of a run together, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, example = 2000)]
    pub cpu_time_ms: Option<u64>,
    /// Time on the clock, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, example = 5000)]
    pub wall_time_ms: Option<u64>,
    /// Memory in KiB, files included.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 4096, example = 131072)]
    pub memory_kib: Option<u64>,
    /// Processes and threads at the same time.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, example = 16)]
    pub processes: Option<u64>,
    /// Bytes that are kept of the answer, of standard output and of standard error, each.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, example = 65536)]
    pub output_bytes: Option<u64>,
    /// Bytes of all files together.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 4096, example = 1048576)]
    pub file_bytes: Option<u64>,
}

impl From<LimitsBody> for LimitsRequest {
    fn from(body: LimitsBody) -> Self {
        let LimitsBody { cpu_time_ms, wall_time_ms, memory_kib, processes, output_bytes, file_bytes } = body;
        Self { cpu_time_ms, wall_time_ms, memory_kib, processes, output_bytes, file_bytes }
    }
}

impl From<Limits> for LimitsBody {
    fn from(limits: Limits) -> Self {
        let request = limits.as_request();
        let LimitsRequest { cpu_time_ms, wall_time_ms, memory_kib, processes, output_bytes, file_bytes } = request;
        Self { cpu_time_ms, wall_time_ms, memory_kib, processes, output_bytes, file_bytes }
    }
}

impl RunRequest {
    /// Takes a body apart. At most `most_inputs` inputs are looked at: a list that is too long is
    /// refused before it costs anything.
    ///
    /// # Errors
    /// 400 for what is not one JSON object, 422 for fields that are missing, unknown or of another type.
    pub fn from_json(body: &[u8], most_inputs: usize) -> Result<Self, ApiError> {
        let document = json::check(body).map_err(|malformed| ApiError::malformed(malformed.to_string()))?;
        if document.shape() != Shape::Object {
            return Err(ApiError::malformed(format!("the body must be an object, not {}", document.shape())));
        }
        Self::from_object(document, most_inputs)
    }

    /// The same of an object that is part of a body.
    pub(super) fn from_object(document: Json<'_>, most_inputs: usize) -> Result<Self, ApiError> {
        let (mut code, mut inputs, mut language, mut mode, mut limits) = (None, None, None, None, None);
        let (mut files, mut compile_options, mut args) = (None, None, None);
        let (mut compile_cache, mut priority, mut student) = (None, None, None);
        let (mut callback_url, mut no_store) = (None, None);
        let (mut tests, mut checker) = (None, None);
        for (name, value) in members(document)? {
            match &*name {
                "code" => code = Some(text("code", value)?),
                "inputs" => inputs = Some(texts("inputs", value, most_inputs)?),
                "tests" => tests = optional(value, |value| grading::tests(value, most_inputs))?,
                "checker" => checker = optional(value, |value| grading::checker("checker", value))?,
                "language" => language = optional(value, |value| text("language", value))?,
                "mode" => mode = optional(value, mode_name)?,
                "limits" => limits = optional(value, limits_body)?,
                "files" => files = optional(value, files_body)?,
                "compile_options" => {
                    compile_options = optional(value, |value| texts("compile_options", value, MOST_WORDS))?
                }
                "args" => args = optional(value, |value| texts("args", value, MOST_WORDS))?,
                "compile_cache" => compile_cache = optional(value, |value| boolean("compile_cache", value))?,
                "priority" => priority = optional(value, priority_name)?,
                "student" => student = optional(value, |value| text("student", value))?,
                "callback_url" => callback_url = optional(value, |value| text("callback_url", value))?,
                "no_store" => no_store = optional(value, |value| boolean("no_store", value))?,
                _ => return Err(unknown("", &name, FIELDS)),
            }
        }
        Ok(Self {
            code: code.ok_or_else(|| missing("code"))?,
            inputs: inputs_beside(&tests, checker.is_some(), inputs)?,
            tests,
            checker,
            language,
            mode,
            limits,
            files: files.unwrap_or_default(),
            compile_options: compile_options.unwrap_or_default(),
            args: args.unwrap_or_default(),
            compile_cache,
            priority,
            student,
            callback_url,
            no_store,
        })
    }
}

/// The inputs of a request that has these tests.
fn inputs_beside(
    tests: &Option<Vec<TestBody>>,
    has_checker: bool,
    inputs: Option<Vec<String>>,
) -> Result<Vec<String>, ApiError> {
    let refused = |field, detail: &str| Err(ApiError::invalid(Code::InvalidValue, field, detail.to_owned()));
    match (tests, inputs) {
        (None, None) => Err(missing("inputs")),
        (None, Some(_)) if has_checker => refused("checker", "`checker` is for `tests`, of which there are none"),
        (None, Some(inputs)) => Ok(inputs),
        (Some(_), None) => Ok(Vec::new()),
        (Some(_), Some(_)) => refused("tests", "`tests` stands in the place of `inputs`; give one of them"),
    }
}

fn files_body(value: Json<'_>) -> Result<Vec<FileBody>, ApiError> {
    if value.shape() != Shape::List {
        return Err(wrong_type("files", "a list of objects", value));
    }
    let mut files = Vec::new();
    value.each_element(|index, element| {
        if index == MOST_FILES {
            let detail = format!("`files` has more than {MOST_FILES} elements");
            return Err(ApiError::invalid(Code::TooLong, "files", detail));
        }
        files.push(file_body(&format!("files[{index}]"), element)?);
        Ok(())
    })?;
    Ok(files)
}

fn file_body(field: &str, value: Json<'_>) -> Result<FileBody, ApiError> {
    if value.shape() != Shape::Object {
        return Err(wrong_type(field, "an object", value));
    }
    let (mut file_name, mut content, mut encoding) = (None, None, None);
    for (name, value) in members(value)? {
        let field = format!("{field}.{name}");
        match &*name {
            "name" => file_name = Some(text(&field, value)?),
            "content" => content = Some(text(&field, value)?),
            "encoding" => encoding = optional(value, |value| encoding_name(&field, value))?,
            _ => {
                let parent = field.trim_end_matches(&*name);
                return Err(unknown(parent, &name, "`name`, `content` and `encoding`"));
            }
        }
    }
    Ok(FileBody {
        name: file_name.ok_or_else(|| missing(&format!("{field}.name")))?,
        content: content.ok_or_else(|| missing(&format!("{field}.content")))?,
        encoding,
    })
}

fn encoding_name(field: &str, value: Json<'_>) -> Result<Encoding, ApiError> {
    match text(field, value)?.as_str() {
        "utf8" => Ok(Encoding::Utf8),
        "base64" => Ok(Encoding::Base64),
        _ => {
            let detail = format!("`{field}` must be one of `utf8`, `base64`");
            Err(ApiError::invalid(Code::InvalidEncoding, field, detail))
        }
    }
}

fn limits_body(value: Json<'_>) -> Result<LimitsBody, ApiError> {
    if value.shape() != Shape::Object {
        return Err(wrong_type("limits", "an object", value));
    }
    let mut limits = LimitsBody::default();
    let LimitsBody { cpu_time_ms, wall_time_ms, memory_kib, processes, output_bytes, file_bytes } = &mut limits;
    for (name, value) in members(value)? {
        let field = match &*name {
            "cpu_time_ms" => &mut *cpu_time_ms,
            "wall_time_ms" => wall_time_ms,
            "memory_kib" => memory_kib,
            "processes" => processes,
            "output_bytes" => output_bytes,
            "file_bytes" => file_bytes,
            _ => {
                let known = "`cpu_time_ms`, `wall_time_ms`, `memory_kib`, `processes`, `output_bytes` and `file_bytes`";
                return Err(unknown("limits.", &name, known));
            }
        };
        *field = optional(value, |value| whole_number(&format!("limits.{name}"), value))?;
    }
    Ok(limits)
}

fn mode_name(value: Json<'_>) -> Result<ModeName, ApiError> {
    let given = text("mode", value)?;
    let known = Mode::ALL.into_iter().find(|mode| mode.name() == given);
    known.map(ModeName).ok_or_else(|| {
        let names = Mode::ALL.map(Mode::name).join("`, `");
        ApiError::invalid(Code::UnsupportedMode, "mode", format!("`mode` must be one of `{names}`"))
    })
}

fn priority_name(value: Json<'_>) -> Result<PriorityName, ApiError> {
    let given = text("priority", value)?;
    let known = Priority::ALL.into_iter().find(|priority| priority.name() == given);
    known.map(PriorityName).ok_or_else(|| {
        let names = Priority::ALL.map(Priority::name).join("`, `");
        ApiError::invalid(Code::UnknownPriority, "priority", format!("`priority` must be one of `{names}`"))
    })
}

/// `null` means the same as leaving an optional field out.
pub(super) fn optional<T>(
    value: Json<'_>,
    read: impl FnOnce(Json<'_>) -> Result<T, ApiError>,
) -> Result<Option<T>, ApiError> {
    if value.shape() == Shape::Null { Ok(None) } else { read(value).map(Some) }
}

pub(super) fn text(field: &str, value: Json<'_>) -> Result<String, ApiError> {
    let text = value.text().ok_or_else(|| wrong_type(field, "a text", value))?;
    Ok(text.into_owned())
}

pub(super) fn boolean(field: &str, value: Json<'_>) -> Result<bool, ApiError> {
    value.boolean().ok_or_else(|| wrong_type(field, "true or false", value))
}

pub(super) fn texts(field: &str, value: Json<'_>, most: usize) -> Result<Vec<String>, ApiError> {
    if value.shape() != Shape::List {
        return Err(wrong_type(field, "a list of texts", value));
    }
    let mut texts = Vec::new();
    value.each_element(|index, element| {
        if index == most {
            let detail = format!("`{field}` has more than {most} elements");
            return Err(ApiError::invalid(Code::TooLong, field, detail));
        }
        texts.push(text(&format!("{field}[{index}]"), element)?);
        Ok(())
    })?;
    Ok(texts)
}

/// A whole number however it is written: `1`, `1.0` and `1e0` are the same JSON number. One that is too
/// large or negative becomes a value that no limit allows, so that the answer can name the range.
pub(super) fn whole_number(field: &str, value: Json<'_>) -> Result<u64, ApiError> {
    let written = value.number().ok_or_else(|| wrong_type(field, "a whole number", value))?;
    if let Ok(number) = written.parse() {
        return Ok(number);
    }
    let number: f64 = written.parse().unwrap_or(f64::NAN);
    if number.is_finite() && number.fract() != 0.0 {
        return Err(ApiError::invalid(Code::OutOfRange, field, format!("`{field}` must be a whole number")));
    }
    if number < 0.0 {
        return Ok(u64::MAX);
    }
    // Exact: whole, positive and small enough.
    Ok(if number <= MOST_EXACT { number as u64 } else { u64::MAX })
}

/// Any number that a computer can hold; a larger one is refused.
pub(super) fn number(field: &str, value: Json<'_>) -> Result<f64, ApiError> {
    let written = value.number().ok_or_else(|| wrong_type(field, "a number", value))?;
    let number: f64 = written.parse().unwrap_or(f64::NAN);
    if number.is_finite() {
        return Ok(number);
    }
    Err(ApiError::invalid(Code::OutOfRange, field, format!("`{field}` is larger than any number that can be used")))
}

pub(super) fn members<'a>(value: Json<'a>) -> Result<Vec<(std::borrow::Cow<'a, str>, Json<'a>)>, ApiError> {
    value.members().map_err(|malformed| ApiError::malformed(malformed.to_string()))
}

pub(super) fn missing(field: &str) -> ApiError {
    ApiError::invalid(Code::MissingField, field, format!("`{field}` is missing"))
}

pub(super) fn unknown(parent: &str, name: &str, known: &str) -> ApiError {
    let field = format!("{parent}{}", model::text::one_line(name));
    let detail = format!("`{field}` is no field; the fields are {known}");
    ApiError::invalid(Code::UnknownField, field, detail)
}

pub(super) fn wrong_type(field: &str, wanted: &str, value: Json<'_>) -> ApiError {
    ApiError::invalid(Code::WrongType, field, format!("`{field}` must be {wanted}, not {}", value.shape()))
}
