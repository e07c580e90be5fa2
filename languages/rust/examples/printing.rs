println!("debug");
input_str.to_string()
