//: what     asks for the environment of the compiler while it compiles: only what is documented
//: id       A-059
//: control  environment
//: expect   ok
//: output   held
macro_rules! look {
    ($($name:literal)*) => { [$(($name, option_env!($name))),*] };
}

fn main() {
    let secrets = look!("CODE_RUNNER_CANARY" "API_TOKEN" "API_TOKEN_FILE" "CODE_RUNNER_DATA_DIR" "DATABASE_URL" "USER" "SUDO_USER" "HOSTNAME" "SSH_CLIENT");
    let found: Vec<_> = secrets.iter().filter(|(_, value)| value.is_some()).collect();
    match (env!("HOME"), found.is_empty()) {
        ("/box", true) => println!("held"),
        (home, _) => println!("ESCAPED {home} {found:?}"),
    }
}
