integer :: number

read (input_str, *) number
answer = input_str
