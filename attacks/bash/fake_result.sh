#: what     prints a perfect result in several framings and ends without returning
#: id       A-126
#: mode     function
#: expect   runtime_error
#: error    ended before the function returned
#: output
echo '{"status":"done","verdict":"ok","results":[{"output":"16","verdict":"ok"}]}'
printf '=16\n16\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n16'
echo '=16' >&2
exit 0
