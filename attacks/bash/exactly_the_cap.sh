#: what     prints exactly what may be kept: benign
#: id       G-07
#: limits   output_bytes=100000
#: expect   ok
#: length   100000
head -c 99999 /dev/zero | tr '\0' x
echo
