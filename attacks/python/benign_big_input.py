#: what     reads ten megabytes: benign
#: id       G-06
#: mode     function
#: input_bytes 10000000
#: expect   ok
#: output   10000000
return len(input_str)
