use std::process;

process::exit(0)
