integer :: number
character(len=20) :: text

read (input_str, *) number
write (text, '(I0)') number**2
answer = trim(text)
