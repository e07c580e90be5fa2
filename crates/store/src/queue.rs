//! Whose turn it is, as numbers; nothing here asks a database.
//!
//! **Between classes** a fixed round of sixteen claims says who is asked first: twelve times exams, three times what is
//! normal, once batches. Who is asked and has nothing gives the turn to the most urgent class that has. So an exam
//! waits behind four claims of sixteen at the most, and nothing waits for ever, however many exams there are. Ageing
//! would promise that too, but under a load that lasts everything is old, and then the order is that of arrival.
//!
//! **Within a class** the owner is next that was served longest ago; **of an owner**, what was accepted first.

use model::Priority;

/// The class that is asked first, for each claim of a round.
pub(crate) const ROUND: &str = "0001000100010002";

/// Claims in a round.
const CLAIMS: u64 = ROUND.len() as u64;

/// So many of one owner are counted one by one; of more it is told what can be told without counting.
pub(crate) const MOST_COUNTED: i64 = 100;

/// The class as a column: 0 is the most urgent.
pub(crate) const fn class(priority: Priority) -> i64 {
    match priority {
        Priority::Exam => 0,
        Priority::Normal => 1,
        Priority::Batch => 2,
    }
}

/// The place of a submission that has `ahead` of its own class before it, when so many wait in each class and that many
/// claims were made; 1 is next.
pub(crate) fn place(class: usize, mut ahead: u64, mut waiting: [u64; 3], taken: u64) -> u64 {
    let mut passed = 0;
    loop {
        let rounds = whole_rounds(waiting, ahead);
        let mut in_a_round = [0; 3];
        for claim in 0..CLAIMS {
            let Some(served) = served(waiting, taken + passed + claim) else { return passed + 1 };
            in_a_round[served] += 1;
        }
        for (count, served) in waiting.iter_mut().zip(in_a_round) {
            *count -= rounds * served;
        }
        ahead -= rounds * in_a_round[class];
        passed += rounds * CLAIMS;
        let Some(served) = served(waiting, taken + passed) else { return passed + 1 };
        passed += 1;
        if served == class {
            if ahead == 0 {
                return passed;
            }
            ahead -= 1;
        }
        waiting[served] -= 1;
    }
}

/// The class that is served by the claim with this number, if anything waits.
fn served(waiting: [u64; 3], claim: u64) -> Option<usize> {
    let asked = usize::from(ROUND.as_bytes()[(claim % CLAIMS) as usize] - b'0');
    let in_order = [asked, 0, 1, 2].into_iter();
    in_order.into_iter().find(|class| waiting[*class] > 0)
}

/// For how many rounds no class runs dry and the one that is asked for is not reached, whatever a round serves.
fn whole_rounds(waiting: [u64; 3], ahead: u64) -> u64 {
    let fewest = waiting.into_iter().filter(|count| *count > 0).min().unwrap_or(0);
    fewest.min(ahead) / CLAIMS
}

#[cfg(test)]
mod tests {
    use super::{place, served};

    #[test]
    fn alone_in_the_queue_a_class_is_served_one_after_the_other() {
        for class in 0..3 {
            let mut waiting = [0; 3];
            waiting[class] = 40;
            for (ahead, taken) in [(0, 0), (7, 3), (39, 15)] {
                assert_eq!(place(class, ahead, waiting, taken), ahead + 1, "class {class}");
            }
        }
    }

    #[test]
    fn each_class_has_its_share_of_a_round() {
        let waiting = [1000; 3];
        // The class, how many of it are ahead, claims so far, and the place.
        let cases = [
            (0, 0, 0, 1),
            (0, 3, 0, 5),
            (0, 12, 0, 17),
            (1, 0, 0, 4),
            (1, 0, 3, 1),
            (1, 3, 0, 20),
            (2, 0, 0, 16),
            (2, 1, 0, 32),
            (2, 0, 16, 16),
        ];
        for (class, ahead, taken, expected) in cases {
            assert_eq!(place(class, ahead, waiting, taken), expected, "{ahead} of class {class} ahead after {taken}");
        }
        // Without exams, what is normal has their turns.
        assert_eq!(place(1, 14, [0, 1000, 1000], 0), 15);
        assert_eq!(place(1, 15, [0, 1000, 1000], 0), 17);
    }

    #[test]
    fn a_place_far_back_is_found_at_once() {
        // One claim after the other, for as long as that is bearable.
        let slow = |class: usize, mut ahead: u64, mut waiting: [u64; 3], taken: u64| {
            for place in 1.. {
                let served = served(waiting, taken + place - 1).expect("it waits itself");
                if served == class && ahead == 0 {
                    return place;
                }
                ahead -= u64::from(served == class);
                waiting[served] -= 1;
            }
            unreachable!("the loop has no end")
        };
        for waiting in [[1000, 900, 800], [17, 0, 5000], [0, 33, 32], [16, 16, 16], [400, 1, 1]] {
            for (class, count) in waiting.into_iter().enumerate() {
                for ahead in (0..count).step_by(7) {
                    let (quick, slow) = (place(class, ahead, waiting, ahead), slow(class, ahead, waiting, ahead));
                    assert_eq!(quick, slow, "{ahead} ahead in class {class} of {waiting:?}");
                }
            }
        }
        assert_eq!(place(1, 10_u64.pow(12) - 1, [0, 10_u64.pow(12), 0], 5), 10_u64.pow(12));
        assert_eq!(place(1, 9, [0; 3], 5), 1, "what was claimed in between is next at the latest");
    }
}
