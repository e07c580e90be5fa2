#: what     NUL, escapes, lone bytes, separators, marks that reorder text and a mountain of accents: kept as they are, or shown as documented
#: id       A-031
#: expect   ok
#: length   65605
import sys

kept = "a\0b\x1b[2J\x1b]0;title\a\r\n\b\x7f\u2028\u2029\u202e\ufeff".encode()
nothing = b"\xff\xc0\xaf\xed\xa0\x80"
accents = "e" + "\u0301" * 32768
sys.stdout.buffer.write(kept + nothing + b"</script>{{x}}" + accents.encode() + b"\xe2\x82")
