let twice text = text ^ text

let solve input_str = twice input_str
