after 10 {set ready true}
vwait ready
return "$input_str!"
