//: what     a line of a gibibyte
//: id       A-028
//: control  output
//: expect   output_limit
//: length   1048576
//: wall_ms  5000
#include <string.h>
#include <unistd.h>

int main(void) {
    static char block[1 << 20];
    memset(block, 'x', sizeof block);
    for (int count = 0; count < 1024; count++) {
        for (size_t done = 0; done < sizeof block;) {
            ssize_t some = write(1, block + done, sizeof block - done);
            if (some < 0) {
                return 1;
            }
            done += some;
        }
    }
}
