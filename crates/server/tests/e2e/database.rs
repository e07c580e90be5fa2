//! A database that is known by its name, over TLS: nodes find it again when it has moved, and believe no other.
//!
//! The nodes see a host whose only source of names is a server of the test's own.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::Command;

use serde_json::json;
use sqlx::Connection;
use testdb::{Authority, Identity, Way};

use crate::names::{NAME, Names};
use crate::nodes::Fleet;
use crate::server::{KEY, Server, output};
use crate::unprivileged::as_user_with;

const HERE: Ipv4Addr = Ipv4Addr::LOCALHOST;
const THERE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// A database with TLS, the name it is known by, and nodes that know it so.
struct Known {
    server: testdb::Server,
    names: Names,
    fleet: Fleet,
    /// The database behind host and port.
    path: String,
}

impl Known {
    /// With this certificate. The nodes are told to connect with these parameters.
    fn new(identity: &Identity, parameters: &str) -> Self {
        let server = testdb::Server::start_with_tls(identity, &[]);
        let address = block_on(server.database());
        let (_, path) = address.rsplit_once('/').expect("a database");
        let names = Names::new(HERE);
        let mut known = Self { fleet: Fleet::of(String::new()), path: path.to_owned(), names, server };
        let port = known.listens_at().port();
        known.set(port, parameters);
        known
    }

    /// The nodes that come are told to connect to this port with these parameters.
    fn set(&mut self, port: u16, parameters: &str) {
        self.fleet.database = format!("postgres://postgres@{NAME}:{port}/{}?{parameters}", self.path);
    }

    fn listens_at(&self) -> SocketAddr {
        let (_, rest) = self.server.address().split_once('@').expect("a user");
        rest.split_once('/').expect("a database").0.parse().expect("an address")
    }

    /// A node's command, on the host that knows the name.
    fn command(&self, name: &str, does: &[&str]) -> Command {
        self.names.seen_by(&self.fleet.command(name, does), &self.fleet.folder(name))
    }

    fn start(&self, name: &str, does: &[&str]) -> Server {
        self.fleet.start(name, self.command(name, does))
    }

    /// What a node says that does not start.
    fn refusal(&self, name: &str, does: &[&str]) -> String {
        refusal(&mut self.command(name, does))
    }

    /// Writes a file that nodes do not see once they have given their privileges up: its path.
    fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.fleet.folder("files").join(name);
        fs::write(&path, content).expect("can be written");
        path
    }
}

fn block_on<T>(task: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(task)
}

fn refusal(command: &mut Command) -> String {
    let ended = output(command);
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(!ended.status.success() && !said.contains("listening"), "{said}");
    said
}

/// What a node sees in `/etc`, and whether it may write there.
fn etc_of(node: &Server) -> Vec<String> {
    let proc = format!("/proc/{}", node.process.id());
    let mounts = fs::read_to_string(format!("{proc}/mountinfo")).expect("text");
    let is_mounted = |name: &str, with: &str| {
        // The fifth field is where, the sixth how (proc_pid_mountinfo(5)).
        let mut fields = mounts.lines().map(|line| line.split(' ').skip(4).take(2).collect::<Vec<_>>());
        fields.any(|field| field[0] == format!("/etc/{name}") && field[1].split(',').any(|option| option == with))
    };
    let mut seen = Vec::new();
    for entry in fs::read_dir(format!("{proc}/root/etc")).expect("a folder") {
        let name = entry.expect("an entry").file_name().into_string().expect("text");
        seen.push(if is_mounted(&name, "ro") { format!("{name} ro") } else { name });
    }
    seen.sort();
    seen
}

/// Submits at one node what another runs.
fn works(api: &Server) {
    let id = api.submit(&json!({"code": "return input_str", "inputs": ["x"]}));
    assert_eq!(api.result(&id)["verdict"], "ok");
}

#[test]
fn nodes_find_a_database_again_that_has_moved_and_still_ask_who_it_is() {
    let authority = Authority::new("ours");
    let mut known = Known::new(&authority.sign(&[NAME]), "");
    let root = known.file("root.crt", &authority.certificate);
    let target = known.listens_at();
    let former = Way::from((HERE, 0).into(), target);
    let later = Way::from((THERE, former.address.port()).into(), target);
    known.set(former.address.port(), &format!("sslmode=verify-full&sslrootcert={}", root.display()));
    let nodes = [known.start("api", &["serve", "--no-worker"]), known.start("worker", &["worker"])];
    works(&nodes[0]);
    assert_eq!(etc_of(&nodes[1]), ["hosts ro", "resolv.conf ro"], "the worker sees no more of it");

    // Whoever still goes there finds nobody.
    former.cut();
    for node in &nodes {
        assert_eq!(node.get("/health/ready").0, 503);
    }
    known.names.move_to(THERE);
    nodes.iter().for_each(Server::until_ready);
    works(&nodes[0]);

    // Back again, where somebody else has come meanwhile.
    let stranger = testdb::Server::start_with_tls(&Authority::new("another").sign(&[NAME]), &[]);
    let at = stranger.address().rsplit_once('@').expect("a user").1.split_once('/').expect("a database").0;
    let _theirs =
        Way::from((Ipv4Addr::new(127, 0, 0, 3), former.address.port()).into(), at.parse().expect("an address"));
    later.cut();
    known.names.move_to(Ipv4Addr::new(127, 0, 0, 3));
    let (status, _, problem) = nodes[0].refused(&json!({"code": "return input_str", "inputs": ["x"]}));
    assert_eq!((status, &problem["code"]), (503, &json!("store_unavailable")), "{problem}");
    former.mend();
    known.names.move_to(HERE);
    nodes.iter().for_each(Server::until_ready);
    works(&nodes[0]);
    let said: Vec<String> = nodes.into_iter().flat_map(Server::stop_and_hear).collect();
    let said = said.join("\n");
    assert!(said.contains("UnknownIssuer"), "the operator learns why: {said}");
    assert!(!said.contains("postgres://"), "{said}");
}

#[test]
fn every_command_believes_the_authority_of_the_settings() {
    let authority = Authority::new("ours");
    let mut known = Known::new(&authority.sign(&[NAME]), "");
    let root = known.file("root.crt", &authority.certificate);
    let port = known.listens_at().port();

    // The keys of a file, for a database that is empty.
    let mut make = known.fleet.command("file", &["keys", "make", "school"]);
    make.env_remove("CODE_RUNNER_STORE");
    assert!(output(&mut make).status.success());
    known.set(port, &format!("sslmode=verify-full&sslrootcert={}", root.display()));
    let migrated = output(&mut known.command("file", &["migrate"]));
    assert!(migrated.status.success(), "{migrated:?}");
    let listed = output(&mut known.command("file", &["keys", "list"]));
    assert!(listed.status.success() && String::from_utf8_lossy(&listed.stdout).contains("school"), "{listed:?}");

    let both = known.start("both", &["serve"]);
    works(&both);
    both.stop();
    // Whom the host trusts is believed where nobody is named, and by workers as well, who do not see its files.
    known.set(port, "sslmode=verify-full");
    let with_host = |name: &str, does: &[&str]| {
        let mut command = known.command(name, does);
        command.env("SSL_CERT_FILE", &root);
        known.fleet.start(name, command)
    };
    let (api, worker) = (with_host("api", &["serve", "--no-worker"]), with_host("worker", &["worker"]));
    works(&api);
    block_on(async {
        let mut connection = sqlx::PgConnection::connect(known.server.address()).await.expect("is there");
        let connections = "SELECT count(*) FILTER (WHERE ssl), count(*) FILTER (WHERE NOT ssl)
            FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name LIKE 'code-runner%'";
        let (with, without): (i64, i64) =
            sqlx::query_as(connections).fetch_one(&mut connection).await.expect("is known");
        assert!(with > 0 && without == 0, "{with} with TLS, {without} without");
    });
    api.stop();
    worker.stop();
}

#[test]
fn a_database_that_does_not_prove_who_it_is_is_not_used() {
    let authority = Authority::new("ours");
    let mut known = Known::new(&authority.sign(&["other.school.example", "127.0.0.1"]), "");
    let port = known.listens_at().port();
    let root = known.file("root.crt", &authority.certificate);
    let others = known.file("others.crt", &Authority::new("another").certificate);
    let api = ["serve", "--no-worker"];

    known.set(port, &format!("sslmode=verify-full&sslrootcert={}", root.display()));
    for does in [&api[..], &["worker"], &["keys", "list"]] {
        let said = known.refusal("node", does);
        assert!(
            said.contains("does not prove to be it") && said.contains(&format!("not valid for name \"{NAME}\"")),
            "{said}"
        );
    }
    // Where the host trusts the authority, and the operator names another, the operator has the word.
    known.set(port, &format!("sslmode=verify-ca&sslrootcert={}", others.display()));
    for does in [&api[..], &["keys", "list"]] {
        let mut command = known.command("node", does);
        let said = refusal(command.env("SSL_CERT_FILE", &root));
        assert!(said.contains("does not prove to be it") && said.contains("UnknownIssuer"), "{said}");
    }
    // The file is read before the worker stops seeing it, and looked at.
    known.set(port, "sslmode=verify-full&sslrootcert=/nowhere/root.crt");
    let said = known.refusal("node", &["worker"]);
    assert!(said.contains("/nowhere/root.crt, which can not be read"), "{said}");
    known.set(port, "sslmode=verify_full");
    assert!(known.refusal("node", &api).contains("allowed is disable, allow"), "a mode that is misspelt");
}

#[test]
fn a_worker_of_an_ordinary_user_finds_its_database_by_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut worker = as_user_with(folder.path(), &[], "worker");
    // A name of /etc/hosts, of which a user namespace shows another mount.
    let address = block_on(testdb::database()).replace("127.0.0.1", "localhost");
    worker.env("CODE_RUNNER_STORE", address).env("CODE_RUNNER_NODE_LANGUAGES", "python");
    let worker = Server::start_with(folder.path(), &mut worker, KEY.to_owned());
    worker.until_ready();
    assert_eq!(etc_of(&worker), ["hosts ro", "resolv.conf ro"]);
    worker.stop();
}
