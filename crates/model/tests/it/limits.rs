//! A caller may lower the operator's maximum and never raise it.

use std::time::Duration;

use model::{LimitError, Limits, LimitsRequest};
use proptest::prelude::*;

#[test]
fn nothing_asked_is_the_maximum() {
    assert_eq!(Limits::default().lowered(&LimitsRequest::default()), Ok(Limits::default()));
}

#[test]
fn each_limit_can_be_lowered() {
    let request = LimitsRequest {
        cpu_time_ms: Some(100),
        wall_time_ms: Some(200),
        memory_kib: Some(8192),
        processes: Some(3),
        output_bytes: Some(10),
        file_bytes: Some(4096),
    };
    let lowered = Limits::default().lowered(&request).expect("is allowed");
    assert_eq!(lowered.cpu_time, Duration::from_millis(100));
    assert_eq!(lowered.wall_time, Duration::from_millis(200));
    assert_eq!((lowered.memory_kib, lowered.processes), (8192, 3));
    assert_eq!((lowered.output_bytes, lowered.file_bytes), (10, 4096));
    assert_eq!(lowered.open_files, Limits::default().open_files);
}

#[test]
fn zero_is_never_endless() {
    for request in [
        LimitsRequest { cpu_time_ms: Some(0), ..LimitsRequest::default() },
        LimitsRequest { wall_time_ms: Some(0), ..LimitsRequest::default() },
        LimitsRequest { memory_kib: Some(0), ..LimitsRequest::default() },
        LimitsRequest { processes: Some(0), ..LimitsRequest::default() },
        LimitsRequest { output_bytes: Some(0), ..LimitsRequest::default() },
        LimitsRequest { file_bytes: Some(0), ..LimitsRequest::default() },
    ] {
        assert!(Limits::default().lowered(&request).is_err(), "{request:?}");
    }
}

#[test]
fn a_refusal_names_the_field_and_the_range() {
    let request = LimitsRequest { memory_kib: Some(u64::MAX), ..LimitsRequest::default() };
    let error = Limits::default().lowered(&request).expect_err("is too much");
    let most = Limits::default().memory_kib;
    assert_eq!(error, LimitError { field: "memory_kib", given: u64::MAX, least: 4096, most });
    assert_eq!(error.to_string(), format!("memory_kib is {}; allowed is 4096 to {most}", u64::MAX));
}

proptest! {
    #[test]
    fn whatever_is_asked_the_maximum_holds(cpu: Option<u64>, wall: Option<u64>, memory: Option<u64>, count: Option<u64>) {
        let most = Limits::default();
        let request = LimitsRequest {
            cpu_time_ms: cpu, wall_time_ms: wall, memory_kib: memory, processes: count,
            output_bytes: memory, file_bytes: memory,
        };
        if let Ok(limits) = most.lowered(&request) {
            prop_assert!(limits.cpu_time <= most.cpu_time && limits.wall_time <= most.wall_time);
            prop_assert!(limits.memory_kib <= most.memory_kib && limits.processes <= most.processes);
            prop_assert!(limits.output_bytes <= most.output_bytes && limits.file_bytes <= most.file_bytes);
        }
    }
}
