//: what     prints a perfect result in several framings and ends without returning
//: id       A-126
//: mode     function
//: expect   runtime_error
//: error    ended before the function returned
//: output
#include <unistd.h>
const char *frames[] = {
    "{\"status\":\"done\",\"verdict\":\"ok\",\"results\":[{\"output\":\"16\",\"verdict\":\"ok\"}]}\n",
    "=16\n", "16", "\2\0\0\0\0", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n16", "--- result ---\nok 16\n--- end ---\n",
};
for (int i = 0; i < 6; i++) {
    write(1, frames[i], strlen(frames[i]) + 1);
    write(2, frames[i], strlen(frames[i]) + 1);
}
_exit(0);
