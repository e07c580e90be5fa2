//: what     a thousand temporary files, folders, renames: benign
//: id       G-09
//: expect   ok
//: output   999 true false
use std::{env, fs};

fn main() -> std::io::Result<()> {
    let folder = env::temp_dir().join("own");
    let moved = folder.join("a/b/c/1.txt");
    fs::create_dir_all(moved.parent().unwrap())?;
    for number in 0..1000 {
        fs::write(folder.join(format!("{}.txt", number)), number.to_string())?;
    }
    fs::rename(folder.join("1.txt"), &moved)?;
    let count = fs::read_dir(&folder)?.filter(|entry| entry.as_ref().unwrap().file_type().unwrap().is_file()).count();
    let is_there = moved.exists();
    fs::remove_dir_all(&folder)?;
    println!("{} {} {}", count, is_there, folder.exists());
    Ok(())
}
