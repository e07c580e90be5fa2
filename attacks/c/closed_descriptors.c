//: what     closes every descriptor before it does anything, opens others in their place and returns
//: id       A-128
//: mode     function
//: expect   ok
//: output   4
#include <fcntl.h>
#include <unistd.h>
for (int descriptor = 0; descriptor < 1024; descriptor++) {
    close(descriptor);
}
open("/dev/zero", O_RDONLY);
open("/dev/full", O_WRONLY);
open("/box/errors", O_WRONLY | O_CREAT, 0600);
printf("nobody reads this\n");
return input_str;
