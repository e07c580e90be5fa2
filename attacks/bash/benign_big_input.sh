#: what     reads ten megabytes: benign
#: id       G-06
#: input_bytes 10000000
#: expect   ok
#: output   10000000
wc -c
