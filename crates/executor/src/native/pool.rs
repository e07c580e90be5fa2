//! Boxes made ahead of their use, and the slots that have none.
//!
//! What kinds of boxes are wanted is learnt from what is used: whoever takes a box of a kind says with which limits, and
//! for [`KEEP`] after that some of the kind wait, so that the next need not be made. Some kinds are wanted
//! always. A thread of its own refills, off the path of any request, whenever a box is given back; when not all that is wanted
//! may wait, the kind that was used last comes first, at the expense of those that were used before it or never.
//!
//! A box is used once. What waits has never seen anything of anybody.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use sandbox::{Limits, Slot};

use super::lock;
use crate::ExecutorError;

/// How long a kind of box is kept ready after its last use.
const KEEP: Duration = Duration::from_secs(600);

/// While more than a quarter of what is wanted waits, a box is made only when nothing was taken or given back for so long: there
/// is somebody whose inputs run just then, or whose answer is being written, and the processors have better things to do.
const QUIET: Duration = Duration::from_millis(5);

/// How many boxes of a kind wait at least, where their waiting costs little: enough for the inputs of an ordinary submission,
/// which run in less time than it takes to make their boxes.
const LEAST_LIGHT: usize = 12;

/// How often limits must be asked for, one time after the other, until boxes are made with them.
const LEARNT: u32 = 3;

/// How many boxes are made ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ahead {
    /// Of a kind whose waiting costs little: a bare box, or a fork of a template.
    pub light: usize,
    /// Of a kind whose program has a process, and memory, of its own while it waits.
    pub heavy: usize,
    /// Of all kinds together.
    pub all: usize,
}

impl Ahead {
    /// What suits this many workers.
    #[must_use]
    pub fn for_workers(workers: usize) -> Self {
        Self { light: (2 * workers).max(LEAST_LIGHT), heavy: workers.min(4), all: 12 * workers.max(2) }
    }

    /// None at all.
    pub const NONE: Self = Self { light: 0, heavy: 0, all: 0 };
}

/// What one kind of box is like.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// The index of its template.
    pub template: usize,
    /// Does its program have a process of its own while it waits?
    pub is_heavy: bool,
}

/// All slots of a launcher that nobody is using.
pub struct Pool {
    shared: Arc<Shared>,
    refill: Mutex<Option<JoinHandle<()>>>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    ahead: Ahead,
    /// All slots there are.
    slots: usize,
    /// How often a box had to be made while somebody waited for it.
    misses: AtomicU64,
    /// Slots that are never filled: as many as can be asked for at the same time.
    reserve: usize,
}

struct State {
    /// Without a box.
    empty: Vec<Slot>,
    /// With one that waits, or is being made, by template; the oldest first.
    ready: BTreeMap<usize, Vec<Slot>>,
    /// What is to be kept ready.
    wanted: BTreeMap<usize, Wanted>,
    /// When a slot was taken or given back last.
    busy: Instant,
    closed: bool,
}

struct Wanted {
    limits: Limits,
    is_heavy: bool,
    /// When it was used last; `None` for what is wanted always and was not used yet.
    used: Option<Instant>,
    always: bool,
    /// Other limits that were asked for lately, and how often one after the other.
    others: Option<(Limits, u32)>,
}

impl Wanted {
    fn new(limits: Limits, is_heavy: bool, always: bool) -> Self {
        Self { limits, is_heavy, used: None, always, others: None }
    }

    /// Boxes are made with the limits that are asked for; a single request with limits of its own changes nothing.
    fn learn(&mut self, limits: &Limits) {
        if *limits == self.limits {
            self.others = None;
            return;
        }
        let times = match self.others.take() {
            Some((others, times)) if others == *limits => times + 1,
            _ => 1,
        };
        if times < LEARNT {
            self.others = Some((limits.clone(), times));
        } else {
            self.limits = limits.clone();
        }
    }
}

impl Pool {
    /// Takes charge of these slots. `reserve` of them are for boxes that nobody foresaw.
    pub fn new(slots: Vec<Slot>, ahead: Ahead, reserve: usize) -> Self {
        let count = slots.len();
        let state = State {
            empty: slots,
            ready: BTreeMap::new(),
            wanted: BTreeMap::new(),
            busy: Instant::now(),
            closed: false,
        };
        let shared = Shared {
            state: Mutex::new(state),
            changed: Condvar::new(),
            ahead,
            slots: count,
            misses: AtomicU64::new(0),
            reserve,
        };
        let shared = Arc::new(shared);
        Self { shared, refill: Mutex::new(None) }
    }

    /// Begins to make boxes ahead. Starts a thread, which what gives up privileges must not have yet.
    pub fn start(&self) {
        let mut refill = lock(&self.refill);
        if refill.is_none() && self.shared.ahead != Ahead::NONE {
            let shared = Arc::clone(&self.shared);
            *refill = Some(std::thread::spawn(move || shared.refill()));
        }
    }

    /// A slot without a box, for one that is needed rarely.
    pub fn take_empty(&self) -> Result<Slot, ExecutorError> {
        lock(&self.shared.state).take_empty(None)
    }

    /// A slot for a box of this kind, with one that waits if there is one.
    pub fn take(&self, kind: Kind, limits: &Limits) -> Result<Slot, ExecutorError> {
        let Kind { template, is_heavy } = kind;
        let mut state = lock(&self.shared.state);
        state.busy = Instant::now();
        let wanted = state.wanted.entry(template).or_insert_with(|| Wanted::new(limits.clone(), is_heavy, false));
        wanted.used = Some(Instant::now());
        wanted.learn(limits);
        if let Some(slot) = state.take_ready(template, is_heavy) {
            return Ok(slot);
        }
        self.shared.misses.fetch_add(1, Ordering::Relaxed);
        state.take_empty(Some(template))
    }

    /// Keeps boxes of this kind ready for ever.
    pub fn want(&self, kind: Kind, limits: Limits) {
        let wanted = Wanted::new(limits, kind.is_heavy, true);
        lock(&self.shared.state).wanted.entry(kind.template).or_insert(wanted);
        self.shared.changed.notify_all();
    }

    /// Takes a slot back, whose box is gone.
    pub fn give_back(&self, slot: Slot) {
        let mut state = lock(&self.shared.state);
        state.empty.push(slot);
        state.busy = Instant::now();
        drop(state);
        self.shared.changed.notify_all();
    }

    /// Does the launcher answer at all? True when nobody knows because all slots are in use.
    pub fn is_alive(&self) -> bool {
        let state = lock(&self.shared.state);
        let mut slots = state.empty.iter().chain(state.ready.values().flatten()).peekable();
        slots.peek().is_none() || slots.any(|slot| !slot.is_broken())
    }

    /// Waits until all boxes that are wanted wait for their use. False if some do not in time.
    pub fn wait_until_filled(&self, patience: Duration) -> bool {
        let deadline = Instant::now() + patience;
        let mut state = lock(&self.shared.state);
        state.let_go_of_the_dead();
        self.shared.changed.notify_all();
        while self.shared.missing(&state).is_some() {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || self.shared.ahead == Ahead::NONE {
                return false;
            }
            state = self.shared.changed.wait_timeout(state, left).unwrap_or_else(std::sync::PoisonError::into_inner).0;
        }
        let mut slots = state.ready.values_mut().flatten();
        slots.all(|slot| slot.wait_until_prepared(deadline.saturating_duration_since(Instant::now())))
    }

    /// How many boxes are to wait, and how many do. One that is still being made does not.
    pub fn filled(&self) -> (usize, usize) {
        let mut state = lock(&self.shared.state);
        let wanted: usize = state.wanted.values().map(|wanted| self.shared.target(wanted)).sum();
        let slots = state.ready.values_mut().flatten();
        let waiting = slots.map(|slot| usize::from(slot.is_prepared())).sum();
        (wanted.min(self.shared.ahead.all), waiting)
    }

    /// How many slots somebody has now, and how often a box of a kind was taken of which none waited.
    pub fn used(&self) -> (usize, u64) {
        let idle = {
            let state = lock(&self.shared.state);
            state.empty.len() + state.waiting()
        };
        (self.shared.slots.saturating_sub(idle), self.shared.misses.load(Ordering::Relaxed))
    }

    /// Lets go of all slots, and so of the launcher.
    pub fn close(&self) {
        lock(&self.shared.state).closed = true;
        self.shared.changed.notify_all();
        if let Some(refill) = lock(&self.refill).take() {
            // It has no way to panic that has not ended the process.
            let _ = refill.join();
        }
        let mut state = lock(&self.shared.state);
        state.empty.clear();
        state.ready.clear();
    }
}

impl State {
    fn take_ready(&mut self, template: usize, is_heavy: bool) -> Option<Slot> {
        let ready = self.ready.get_mut(&template)?;
        let waiting = ready.iter_mut().position(|slot| slot.is_prepared());
        // One that is still being made is as good, unless its program takes longer to get warm than to start cold.
        let index = waiting.or_else(|| (!is_heavy && !ready.is_empty()).then_some(0))?;
        Some(ready.remove(index))
    }

    /// Slots whose box has died while it waited have none.
    fn let_go_of_the_dead(&mut self) {
        for ready in self.ready.values_mut() {
            let mut index = 0;
            while index < ready.len() {
                if ready[index].is_empty() {
                    self.empty.push(ready.remove(index));
                } else {
                    index += 1;
                }
            }
        }
    }

    /// One without a box; if there is none, one whose box nobody is likely to miss, which is then thrown away.
    fn take_empty(&mut self, but: Option<usize>) -> Result<Slot, ExecutorError> {
        if let Some(index) = self.empty.iter().rposition(|slot| !slot.is_broken()) {
            return Ok(self.empty.swap_remove(index));
        }
        let victim = self.least_wanted(but).or(but);
        let slot = victim.and_then(|template| self.ready.get_mut(&template)?.pop());
        slot.ok_or_else(|| ExecutorError { context: "take a slot", cause: "the launcher does not answer".to_owned() })
    }

    /// The kind that was used least recently of those that have boxes waiting.
    fn least_wanted(&self, but: Option<usize>) -> Option<usize> {
        let candidates = self.ready.iter().filter(|(template, slots)| Some(**template) != but && !slots.is_empty());
        candidates.map(|(template, _)| *template).min_by_key(|template| self.used(*template))
    }

    /// The kind that has to make room for one more of this kind, which was used after it.
    fn victim(&self, template: usize) -> Option<usize> {
        self.least_wanted(Some(template)).filter(|other| self.used(*other) < self.used(template))
    }

    /// How many boxes there are that wait, or are being made.
    fn waiting(&self) -> usize {
        self.ready.values().map(Vec::len).sum()
    }

    fn used(&self, template: usize) -> Option<Instant> {
        self.wanted.get(&template).and_then(|wanted| wanted.used)
    }
}

impl Shared {
    fn target(&self, wanted: &Wanted) -> usize {
        if wanted.is_heavy { self.ahead.heavy } else { self.ahead.light }
    }

    /// The thread: makes boxes until everything that is wanted waits, and sleeps until something changes.
    fn refill(&self) {
        let mut state = lock(&self.state);
        while !state.closed {
            state.let_go_of_the_dead();
            if let Some(slot) = self.expired(&mut state) {
                drop(state);
                self.empty(slot);
                state = lock(&self.state);
                continue;
            }
            let Some((template, limits)) = self.missing(&state) else {
                let next = state.wanted.values().filter(|wanted| !wanted.always).filter_map(|wanted| wanted.used).min();
                let pause = next.map_or(KEEP, |used| (used + KEEP).saturating_duration_since(Instant::now()));
                state = self
                    .changed
                    .wait_timeout(state, pause.max(Duration::from_secs(1)))
                    .unwrap_or_else(std::sync::PoisonError::into_inner)
                    .0;
                continue;
            };
            let quiet = (state.busy + QUIET).saturating_duration_since(Instant::now());
            if !quiet.is_zero() && self.has_some_left(&state, template) {
                state = self.changed.wait_timeout(state, quiet).unwrap_or_else(std::sync::PoisonError::into_inner).0;
                continue;
            }
            let slot = if state.empty.len() > self.reserve && state.waiting() < self.ahead.all {
                state.take_empty(None).ok()
            } else {
                state.victim(template).and_then(|victim| state.ready.get_mut(&victim)?.pop())
            };
            let Some(mut slot) = slot else {
                // Until somebody gives one back.
                state = self.changed.wait(state).unwrap_or_else(std::sync::PoisonError::into_inner);
                continue;
            };
            drop(state);
            let prepared = slot.prepare(template, &limits);
            state = lock(&self.state);
            match prepared {
                Ok(()) => {
                    state.ready.entry(template).or_default().push(slot);
                    self.changed.notify_all();
                }
                // It is broken now, which those who look for one see.
                Err(_) => state.empty.push(slot),
            }
        }
    }

    fn has_some_left(&self, state: &State, template: usize) -> bool {
        let target = state.wanted.get(&template).map_or(0, |wanted| self.target(wanted));
        4 * state.ready.get(&template).map_or(0, Vec::len) >= target
    }

    /// The kind of which one is to be made next.
    fn missing(&self, state: &State) -> Option<(usize, Limits)> {
        let ready = |template: &usize| state.ready.get(template).map_or(0, Vec::len);
        let missing = state.wanted.iter().filter(|(template, wanted)| ready(template) < self.target(wanted));
        let (template, wanted) = missing.max_by_key(|(_, wanted)| wanted.used)?;
        let has_room = state.waiting() < self.ahead.all || state.victim(*template).is_some();
        has_room.then(|| (*template, wanted.limits.clone()))
    }

    /// A box nobody wants any more.
    fn expired(&self, state: &mut State) -> Option<Slot> {
        let now = Instant::now();
        state.wanted.retain(|_, wanted| wanted.always || wanted.used.is_some_and(|used| now < used + KEEP));
        let State { ready, wanted, .. } = state;
        // Also one that nobody could use any more, because other limits are asked for now.
        ready.iter_mut().find_map(|(template, slots)| {
            let limits = wanted.get(template).map(|wanted| &wanted.limits);
            let index = slots.iter().position(|slot| slot.prepared_with() != limits)?;
            Some(slots.remove(index))
        })
    }

    fn empty(&self, mut slot: Slot) {
        // If that fails it is broken, which those who look for one see.
        let _ = slot.discard();
        lock(&self.state).empty.push(slot);
    }
}
