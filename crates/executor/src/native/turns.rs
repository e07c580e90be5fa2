//! What of one submission is to be done next, by however many lanes: its inputs in their order, and the check of what failed.
//! Plain data.
//!
//! Nobody can tell from a report how many lanes there were. Inputs begin in their order, so that those that began are
//! always the first ones. Each may keep as much output as if it ran alone: all share [`REPORT_BYTES`], of which whatever
//! runs is promised all that it may keep, and a further lane begins an input only if the promise to it, and one to the
//! submission's own lane, can be held whatever the others write. Where that is not certain the own lane goes on alone,
//! and only then can the rest of the room be less than an input may keep.

/// What is kept of all outputs of one submission together, in bytes. Each input's own cap shrinks
/// when the rest is less.
const REPORT_BYTES: u64 = 32 * 1024 * 1024;

/// What a program writes and what its function returns are capped one by one.
const STREAMS: u64 = 3;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// The lane that a submission has from its start to its end.
    Own,
    /// One that it has while nobody else wants to run anything.
    Further,
}

/// Something for one box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Run the input with this index, and keep so many bytes of each stream.
    Run { lane: Lane, index: usize, output_bytes: u64 },
    /// Ask whether the code can be parsed.
    Check,
}

/// All that is to be done.
#[derive(Debug)]
pub struct Turns {
    inputs: usize,
    /// What an input may keep of each stream while there is room.
    output_bytes: u64,
    /// The next input that begins.
    next: usize,
    /// Does the own lane run an input?
    own_runs: bool,
    /// What those that run may still keep.
    promised: u64,
    /// What those that have ended have kept.
    kept: u64,
    check: Check,
    ended: bool,
}

/// There is one check at most, after the first failure.
#[derive(Debug, PartialEq, Eq)]
enum Check {
    IfOneFails,
    Due,
    Settled,
}

impl Turns {
    /// Of a submission with so many inputs, which may each keep so much of each stream. `has_check` says whether there is a
    /// way to ask whether code that failed can be parsed.
    pub fn new(inputs: usize, output_bytes: u64, has_check: bool) -> Self {
        let check = if has_check { Check::IfOneFails } else { Check::Settled };
        Self { inputs, output_bytes, next: 0, own_runs: false, promised: 0, kept: 0, check, ended: false }
    }

    /// What this lane is to do now; `None` if there is nothing for it.
    pub fn next(&mut self, lane: Lane) -> Option<Turn> {
        if !self.may_begin(lane) {
            return None;
        }
        if self.check == Check::Due {
            self.check = Check::Settled;
            return Some(Turn::Check);
        }
        let output_bytes = self.output_bytes.min(self.room() / STREAMS).max(1);
        let index = self.next;
        self.next += 1;
        self.promised += STREAMS.saturating_mul(output_bytes);
        self.own_runs |= lane == Lane::Own;
        Some(Turn::Run { lane, index, output_bytes })
    }

    /// An input has run, and so much of its output is kept.
    pub fn has_run(&mut self, lane: Lane, output_bytes: u64, kept: u64) {
        self.promised = self.promised.saturating_sub(STREAMS.saturating_mul(output_bytes));
        self.kept = self.kept.saturating_add(kept);
        self.own_runs &= lane != Lane::Own;
    }

    /// An input failed in a way that code which can not be parsed fails in.
    pub fn failed(&mut self) {
        if self.check == Check::IfOneFails {
            self.check = Check::Due;
        }
    }

    /// Nothing begins any more.
    pub fn end(&mut self) {
        self.ended = true;
    }

    fn may_begin(&self, lane: Lane) -> bool {
        if self.ended || self.check == Check::Due {
            return !self.ended;
        }
        let own = if lane == Lane::Further && !self.own_runs { 1 } else { 0 };
        let wanted = STREAMS.saturating_mul(self.output_bytes).saturating_mul(own + 1);
        let is_certain = self.promised == 0 && lane == Lane::Own || wanted <= self.room();
        self.next < self.inputs && is_certain
    }

    /// What is neither kept nor promised.
    fn room(&self) -> u64 {
        REPORT_BYTES.saturating_sub(self.kept).saturating_sub(self.promised)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1024 * 1024;

    fn run(turns: &mut Turns, lane: Lane) -> Option<(usize, u64)> {
        match turns.next(lane)? {
            Turn::Run { index, output_bytes, .. } => Some((index, output_bytes)),
            Turn::Check => panic!("a check that nobody asked for"),
        }
    }

    /// The caps of inputs that keep this much, and in which lanes may begin as chance has it.
    fn caps(output_bytes: u64, keeps: &[u64], lanes: &[Lane], mut chance: impl FnMut(usize) -> usize) -> Vec<u64> {
        let mut turns = Turns::new(keeps.len(), output_bytes, true);
        let (mut caps, mut running, mut kept) = (Vec::new(), Vec::<(usize, u64, u64)>::new(), 0);
        loop {
            // Each lane does one thing at a time.
            let idle: Vec<_> =
                (0..lanes.len()).filter(|lane| running.iter().all(|(other, ..)| other != lane)).collect();
            let action = chance(idle.len() + running.len());
            if let Some(lane) = idle.get(action) {
                if let Some((index, cap)) = run(&mut turns, lanes[*lane]) {
                    assert_eq!(index, caps.len(), "inputs begin in their order");
                    caps.push(cap);
                    running.push((*lane, cap, keeps[index].min(STREAMS * cap)));
                } else if running.is_empty() && lanes[*lane] == Lane::Own {
                    assert_eq!(caps.len(), keeps.len(), "the own lane can always go on alone");
                    assert!(kept <= REPORT_BYTES + STREAMS * keeps.len() as u64, "{kept}");
                    return caps;
                }
            } else {
                let (lane, cap, keeps) = running.swap_remove(action - idle.len());
                kept += keeps;
                turns.has_run(lanes[lane], cap, keeps);
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn every_input_may_keep_what_it_may_if_they_run_one_after_the_other(
            output_bytes in proptest::sample::select(vec![1, 64, 1024, MIB, 2 * MIB, 6 * MIB, 12 * MIB, 64 * MIB]),
            shares in proptest::collection::vec(0_u64..=4, 0..40),
            further in 1_usize..5,
            choices in proptest::collection::vec(0_usize..1000, 64),
        ) {
            let keeps: Vec<u64> = shares.iter().map(|share| STREAMS * output_bytes * share / 4).collect();
            let alone = caps(output_bytes, &keeps, &[Lane::Own], |_| 0);
            let mut lanes = vec![Lane::Further; further];
            lanes.push(Lane::Own);
            let mut choices = choices.into_iter().cycle();
            let mut turn = 0;
            let beside = caps(output_bytes, &keeps, &lanes, |most| {
                // Whatever chance says, everybody has a turn now and then.
                turn += 1;
                (choices.next().unwrap_or_default() + turn / 64) % most
            });
            proptest::prop_assert_eq!(alone, beside);
        }
    }

    #[test]
    fn inputs_run_side_by_side_while_all_they_may_keep_fits() {
        let mut turns = Turns::new(40, 3 * MIB, false);
        assert_eq!(run(&mut turns, Lane::Own), Some((0, 3 * MIB)));
        for index in 1..3 {
            assert_eq!(run(&mut turns, Lane::Further), Some((index, 3 * MIB)));
        }
        assert_eq!(run(&mut turns, Lane::Further), None, "of 32 MiB 27 are promised");
        turns.has_run(Lane::Further, 3 * MIB, 4 * MIB);
        assert_eq!(run(&mut turns, Lane::Further), Some((3, 3 * MIB)), "4 are kept and 18 promised");
        turns.has_run(Lane::Further, 3 * MIB, 2 * MIB);
        assert_eq!(run(&mut turns, Lane::Further), None, "6 are kept and 18 promised");
    }

    #[test]
    fn further_lanes_leave_the_own_one_its_share() {
        let mut turns = Turns::new(9, 5 * MIB, false);
        assert_eq!(run(&mut turns, Lane::Further), Some((0, 5 * MIB)));
        assert_eq!(run(&mut turns, Lane::Further), None);
        assert_eq!(run(&mut turns, Lane::Own), Some((1, 5 * MIB)));
        turns.has_run(Lane::Further, 5 * MIB, 15 * MIB);
        assert_eq!(run(&mut turns, Lane::Further), None);
        turns.has_run(Lane::Own, 5 * MIB, 15 * MIB);
        assert_eq!(run(&mut turns, Lane::Further), None);
        assert_eq!(run(&mut turns, Lane::Own), Some((2, 2 * MIB / STREAMS)));
    }

    #[test]
    fn one_failure_of_many_is_followed_by_a_check_before_anything_else_begins() {
        let mut turns = Turns::new(9, MIB, true);
        assert_eq!(run(&mut turns, Lane::Own), Some((0, MIB)));
        assert_eq!(run(&mut turns, Lane::Further), Some((1, MIB)));
        turns.failed();
        turns.failed();
        turns.has_run(Lane::Further, MIB, 0);
        assert_eq!(turns.next(Lane::Further), Some(Turn::Check));
        turns.failed();
        assert_eq!(run(&mut turns, Lane::Further), Some((2, MIB)));
    }

    #[test]
    fn a_check_is_done_after_the_last_input_too_and_only_where_there_is_one() {
        for has_check in [false, true] {
            let mut turns = Turns::new(1, MIB, has_check);
            assert_eq!(run(&mut turns, Lane::Own), Some((0, MIB)));
            turns.failed();
            turns.has_run(Lane::Own, MIB, 0);
            assert_eq!(turns.next(Lane::Own), has_check.then_some(Turn::Check));
            assert_eq!(turns.next(Lane::Own), None);
        }
    }

    #[test]
    fn nothing_begins_after_the_end() {
        let mut turns = Turns::new(9, MIB, true);
        turns.failed();
        turns.end();
        assert_eq!((turns.next(Lane::Own), turns.next(Lane::Further)), (None, None));
    }
}
