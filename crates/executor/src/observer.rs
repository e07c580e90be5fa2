//! Who is told how far a submission is, while it runs.
//!
//! What is told here is a foretaste: the report has the last word. It is told in the threads that run the submission, so
//! whoever listens takes it down and returns.

use std::fmt;
use std::sync::Arc;

use model::{CompileReport, InputReport};

/// Something of a submission that is finished.
#[derive(Debug, Clone, Copy)]
pub enum Step<'a> {
    /// The compiler has ended, well or not. Never where nothing is compiled.
    Compiled(&'a CompileReport),
    /// An input has run to its end, and this will stand in the report. Inputs may end in another order than they were sent.
    Ran {
        /// Which of the inputs; the first is 0.
        index: usize,
        /// What came of it.
        report: &'a InputReport,
    },
}

/// What is done with a step.
type Tell = dyn Fn(Step<'_>) + Send + Sync;

/// Is told of each [`Step`]. The default tells nobody. Clones tell the same.
#[derive(Clone, Default)]
pub struct Observer(Option<Arc<Tell>>);

impl Observer {
    /// Tells this function, which must return soon.
    pub fn new(tell: impl Fn(Step<'_>) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(tell)))
    }

    /// Tells of a step.
    pub fn tell(&self, step: Step<'_>) {
        if let Some(tell) = &self.0 {
            tell(step);
        }
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Observer").field(&self.0.is_some()).finish()
    }
}
