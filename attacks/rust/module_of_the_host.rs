//: what     takes files of the host for parts of the program, so that messages show what is in them
//: id       A-059
//: control  host_files
//: expect   compile_error
//: error    read `/var/tmp/code-runner-canary`|read /var/tmp/code-runner-canary
#[path = "/var/tmp/code-runner-canary"]
mod secret;
#[path = "../etc/shadow"]
mod accounts;

fn main() {
    include!("/root/code-runner-canary");
}
