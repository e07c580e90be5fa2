#: what     says in its first line that it is written in the coding: utf-7 and is read so
#: id       A-066
#: expect   ok
#: output   held
print("+AGgAZQBsAGQ-")
