//: what     NUL, escapes, lone bytes, separators, marks that reorder text and a mountain of accents: kept as they are, or shown as documented
//: id       A-031
//: expect   ok
//: length   65608
#include <stdio.h>

int main(void) {
    static const char BYTES[] = "a\0b\x1b[2J\x1b]0;title\a\r\n\b\x7f"   // 20 bytes
                                "\xff\xc0\xaf\xed\xa0\x80"               // 6 that are nothing: 18 when shown
                                "\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xae\xef\xbb\xbf"  // 12
                                "</script>{{x}}\",\"";                  // 17
    fwrite(BYTES, 1, sizeof BYTES - 1, stdout);
    putchar('e');
    for (int count = 0; count < 32768; count++) {
        fputs("\xcc\x81", stdout);
    }
    // A character that the end cuts in half is shown as one that is wrong.
    fputs("\xe2\x82", stdout);
}
