#: what     never reads its ten megabytes of input
#: id       A-037
#: input_bytes 10000000
#: expect   ok
#: output   done
print("done")
