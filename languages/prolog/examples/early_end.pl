(   Input_str == ""
->  Answer = "empty"
;   halt
)
