#: what     says in its first line that it is written in the coding: rot13 which is none for sources
#: id       A-066
#: expect   compile_error
#: error    rot13
cevag("held")
