if (len(input_str) > 0) stop
answer = input_str
