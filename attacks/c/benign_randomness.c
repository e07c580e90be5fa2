//: what     random bytes by the call and by the device, addresses that differ; time zones and languages: benign
//: id       G-21 G-22
//: expect   ok
//: output   3 14:00 CEST
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <wctype.h>

int main(void) {
    unsigned char bytes[3][8] = {{0}};
    getrandom(bytes[0], 8, 0);
    getentropy(bytes[1], 8);
    FILE *device = fopen("/dev/urandom", "r");
    fread(bytes[2], 8, 1, device);
    int fresh = 0;
    for (int i = 0; i < 3; i++) {
        fresh += memcmp(bytes[i], bytes[(i + 1) % 3], 8) != 0;
    }
    if (setlocale(LC_ALL, "C.UTF-8") == NULL || towupper(L'ä') != L'Ä') {
        return 1;
    }
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
    time_t noon = 1719835200;
    char text[20];
    strftime(text, sizeof text, "%H:%M %Z", localtime(&noon));
    printf("%d %s\n", fresh, text);
}
