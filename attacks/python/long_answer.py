#: what     returns more than may be kept
#: id       A-026
#: mode     function
#: limits   output_bytes=100000
#: expect   output_limit
#: length   100000
return "x" * 200_000
