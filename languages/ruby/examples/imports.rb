require "strscan"

scanner = StringScanner.new(input_str)
numbers = []
numbers << scanner.matched.to_i while scanner.scan_until(/-?\d+/)
numbers.sort.join(" ")
