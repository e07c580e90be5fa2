//! A running server together with what the checks after each case compare with. Everything that runs cases stands here.

use crate::canaries::Canaries;
use crate::cases::Case;
use crate::finding::Finding;
use crate::host::{Look, remove_leftovers};
use crate::ordinary;
use crate::server::Server;
use crate::setup::Setup;
use crate::texts::Texts;

/// What is needed to run a case and look around.
pub struct Bench<'a> {
    /// The server under test.
    pub server: Server,
    /// The host when nothing ran.
    pub before: Look,
    /// What the server has said so far.
    pub texts: Texts,
    /// What must not be seen.
    pub canaries: &'a Canaries,
    setup: Setup,
}

impl<'a> Bench<'a> {
    /// Starts a server and waits until everything that is made once has been made.
    pub fn start(setup: Setup, canaries: &'a Canaries) -> Result<Self, String> {
        let server = Server::start(&setup, canaries)?;
        // Ordinary submissions at the same time, so that each worker has had one.
        let warm = std::thread::scope(|scope| {
            let warm = || ordinary::neighbour(&server.client);
            let threads: Vec<_> = (0..2 * setup.workers).map(|_| scope.spawn(warm)).collect();
            threads.into_iter().try_for_each(|thread| thread.join().expect("does not panic").map(drop))
        });
        warm.map_err(|what| format!("an ordinary submission to a fresh server: {what}"))?;
        let before = Look::now(&server.place);
        Ok(Self { server, before, texts: Texts::default(), canaries, setup })
    }

    /// What must hold when nothing runs any more.
    pub fn look_around(&mut self) -> Vec<Finding> {
        if let Err(what) = self.server.is_the_same() {
            return vec![Finding::new("U8 server and launcher", what)];
        }
        let mut found = Look::left_since(&self.server.place, &self.before, self.setup.patience());
        found.extend(self.texts.look(&self.server, self.canaries));
        found
    }

    /// Makes a fresh start after findings, so that the next case is not held responsible for them.
    pub fn settle(&mut self, findings: &[Finding]) -> Result<(), String> {
        let has = |check: &str| findings.iter().any(|finding| finding.check.starts_with(check));
        if has("U1") || has("U2") || has("U3") || has("U8") {
            self.start_again()?;
        }
        Ok(())
    }

    /// Ends the server by force, with all that an open hole let its boxes leave.
    pub fn end(mut self) {
        self.server.kill();
        remove_leftovers(&self.server.place);
    }

    /// Another server in place of this one.
    fn start_again(&mut self) -> Result<(), String> {
        let place = self.server.place.clone();
        self.server.kill();
        remove_leftovers(&place);
        let Self { server, before, texts, .. } = Self::start(self.setup.clone(), self.canaries)?;
        (self.server, self.before, self.texts) = (server, before, texts);
        Ok(())
    }

    /// The cases whose language the server has, and why it does not have the others'.
    pub fn usable<'c>(&self, cases: &'c [Case]) -> (Vec<&'c Case>, Vec<(&'c Case, String)>) {
        let (mut usable, mut not) = (Vec::new(), Vec::new());
        for case in cases {
            match self.server.language(&case.language) {
                Ok(()) => usable.push(case),
                Err(reason) => not.push((case, reason)),
            }
        }
        (usable, not)
    }
}
