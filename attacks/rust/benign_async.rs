//: what     ten thousand futures that each wait for a turn of their own: benign
//: id       G-14
//: mode     function
//: expect   ok
//: output   10000
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

struct Turn(bool);

impl Future for Turn {
    type Output = u32;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<u32> {
        if self.0 {
            return Poll::Ready(1);
        }
        self.0 = true;
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

async fn solve(_input_str: &str) -> u32 {
    let mut total = 0;
    let waiting: Vec<_> = (0..10_000).map(|_| Box::pin(async { Turn(false).await })).collect();
    for one in waiting {
        total += one.await;
    }
    total
}
