//: what     panics that are caught, in threads too, with values and destructors: benign
//: id       G-18
//: expect   ok
//: output   caught 1000 dropped 1000 thread overflow
use std::panic::{catch_unwind, resume_unwind, set_hook};
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

static DROPPED: AtomicU32 = AtomicU32::new(0);

struct Held;

impl Drop for Held {
    fn drop(&mut self) {
        DROPPED.fetch_add(1, SeqCst);
    }
}

/// What the compiler can not know.
fn input() -> String {
    std::env::args().next().unwrap()[..1].to_string()
}

fn main() {
    set_hook(Box::new(|_| ()));
    let caught = (0..1000)
        .filter(|number| {
            let error = catch_unwind(|| {
                let _held = Held;
                if *number % 2 == 0 { resume_unwind(Box::new(*number)) } else { panic!("{}", number) }
            });
            error.is_err()
        })
        .count();
    let in_thread = std::thread::spawn(|| Vec::<u8>::new()[input().len()]).join().is_err();
    let too_much = catch_unwind(|| 255 + input().len() as u8).is_err();
    print!("caught {} dropped {}", caught, DROPPED.load(SeqCst));
    println!("{}{}", if in_thread { " thread" } else { "" }, if too_much { " overflow" } else { "" });
}
