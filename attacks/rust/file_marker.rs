//: what     leaves a file in every place it may write to, and looks for what earlier runs have left
//: id       A-115
//: control  shared_scratch
//: inputs   1;2;3;4;5
//: expect   ok
//: output   held
use std::fs;

fn main() {
    let mut breaches = Vec::new();
    for (number, place) in ["/box", "/tmp", "/dev/shm"].iter().enumerate() {
        match fs::read_dir(place) {
            Ok(entries) => breaches.extend(entries.map(|entry| format!("ESCAPED {:?}", entry.unwrap().path()))),
            Err(error) => breaches.push(error.to_string()),
        }
        if let Err(error) = fs::write(format!("{}/marker-{}", place, number), "marker") {
            breaches.push(error.to_string());
        }
    }
    println!("{}", if breaches.is_empty() { "held".to_string() } else { breaches.join("\n") });
}
