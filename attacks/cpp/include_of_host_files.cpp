//: what     includes the host's secrets into the messages of the compiler
//: id       A-051
//: control  host_files
//: expect   compile_error
//: error    code-runner-canary: No such file
#include "/var/tmp/code-runner-canary"
#include "/etc/shadow"
#include "/root/code-runner-canary"

int main() {
}
