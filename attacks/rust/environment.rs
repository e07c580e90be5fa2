//: what     shows the whole environment, as given and as the kernel keeps it
//: id       A-070
//: control  environment
//: expect   ok
//: output   HOME=/box LANG=C.UTF-8 PATH=/usr/bin TMPDIR=/tmp same
use std::collections::BTreeSet;

fn main() -> std::io::Result<()> {
    let given: BTreeSet<String> = std::env::vars().map(|(name, value)| format!("{name}={value}")).collect();
    let kept = std::fs::read_to_string("/proc/self/environ")?;
    let kept: BTreeSet<String> = kept.split_terminator('\0').map(str::to_owned).collect();
    for variable in &kept {
        print!("{variable} ");
    }
    println!("{}", if given == kept { "same" } else { "different" });
    Ok(())
}
