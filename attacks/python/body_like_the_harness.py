#: what     a body with all that could upset one who works on text: markers, odd indentation, strings, odd line ends, own top level
#: id       A-133
#: mode     function
#: expect   ok
#: output   main\n    indented\n  tab "__main__" 4 16 solve
"""A text that stands first, with a quote \""" and a # mark."""
from os import path as input_path
text = """main
    indented
  tab "__main__" """; number = int(input_str); \
    square = number \
    ** 2
class solve_it:
    def solve(self, input_str):
        return "not this one"
def inner():
	# Indented by a tab, the rest by blanks.
	if True:
		return text
result = f"{inner()}{number} {square} {__import__('sys')._getframe().f_code.co_name}"; \
del number
return result; return "never"
if __name__ == "__main__":
    main()
