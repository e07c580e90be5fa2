let rec grow blocks = grow (Bytes.make 1_000_000 'x' :: blocks)

let () = grow []
