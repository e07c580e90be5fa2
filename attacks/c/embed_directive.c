//: what     asks for the host's files by the newest directive there is for that
//: id       A-052
//: expect   compile_error
//: error    invalid preprocessing directive|No such file|not found
static const unsigned char found[] = {
#embed "/var/tmp/code-runner-canary"
};

int main(void) {
    return found[0];
}
