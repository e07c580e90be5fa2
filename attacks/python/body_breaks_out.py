#: what     text that would close a wrapper of text: here it is only what it says
#: id       A-133
#: mode     function
#: expect   ok
#: output   a\n  b"""4
text = '''a
  b"""'''
return text + input_str
