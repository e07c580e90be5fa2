//: what     includes the host's secrets into the messages of the compiler and into the program
//: expect   compile_error
//: error    No such file
#include "/etc/shadow"

__asm__(".incbin \"/root/.ssh/id_rsa\"");

int main(void) {
    return 0;
}
