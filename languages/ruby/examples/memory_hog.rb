blocks = []
loop { blocks << "x" * 1_000_000 }
