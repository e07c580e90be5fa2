format!("«{}»", input_str)
