//! Who a result is for, as clients ask with `?view=`.

use model::Report;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::error::{ApiError, Code};
use crate::wire::Done;

/// Who a result is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum View {
    /// Whoever sent it: everything.
    #[default]
    Owner,
    /// A student: of hidden tests the verdict, the points and what the run cost.
    Student,
}

/// What can be asked beside an id.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ViewQuery {
    /// Who it is for: `owner` (everything, as without it), or `student`. Then hidden tests are without input, output, printed text, messages and
    /// error lines of the code, and are not in `output`.
    #[param(value_type = Option<View>, inline)]
    pub view: Option<String>,
}

impl ViewQuery {
    /// Who it is.
    ///
    /// # Errors
    /// 422 for anybody else.
    pub fn view(self) -> Result<View, ApiError> {
        match self.view.as_deref() {
            None | Some("owner") => Ok(View::Owner),
            Some("student") => Ok(View::Student),
            Some(_) => Err(wrong()),
        }
    }
}

impl View {
    /// What there is to see.
    pub fn of(self, report: Report) -> Done {
        match self {
            Self::Owner => Done::from(report),
            Self::Student => Done::for_student(report),
        }
    }
}

/// What is told of a view that there is not.
pub fn wrong() -> ApiError {
    ApiError::invalid(Code::InvalidValue, "view", "`view` must be one of `owner`, `student`".to_owned())
}
