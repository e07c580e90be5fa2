//! Function mode: calls the student's `solve` once with the whole input and hands its answer over.
//!
//! A panic is left to the standard library: its message goes to stderr and the status is 101.

use std::future::Future;
use std::io::{Read, Write};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

// `solve_input` is what language.toml adds to the code. A `main` of the student's own may stand there unused.
#[path = "solution.rs"]
#[allow(dead_code)]
mod solution;

fn main() {
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input).expect("the input is not UTF-8");
    let answer = solution::solve_input(&input);
    std::io::stdout().flush().expect("stdout can not be written");
    std::fs::OpenOptions::new()
        .write(true)
        .open("/answer")
        .and_then(|mut file| file.write_all(format!("={}", answer).as_bytes()))
        .expect("the answer can not be written");
    std::process::exit(0);
}

/// The result of an `async fn solve`: the standard library has futures, but nothing that runs them.
#[allow(dead_code)]
fn block_on<F: Future>(future: F) -> F::Output {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future: Pin<Box<F>> = Box::pin(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
