//: what     a program of 150 megabytes, run with a fraction of that as its memory
//: id       A-055 A-064
//: set      full
//: limits   memory_kib=65536 file_bytes=1048576
//: expect   ok|memory_limit
static volatile char block[150000000] = {1};

int main(void) {
    return block[149999999];
}
