//! The demonstration: a class with made-up people, whose passwords are made at the first start, kept beside the database, and
//! shown to whoever is at this computer. Never elsewhere: it is refused where others can reach the platform.

use std::fs;
use std::io::Write;
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use comfy_table::{Table, presets};
use serde::{Deserialize, Serialize};

use crate::database::Database;
use crate::database::people::{NewPerson, Role};
use crate::secrets;

/// The file in the data folder.
const FILE: &str = "demo.json";
/// Account, name, role.
const PEOPLE: [(&str, &str, Role); 4] = [
    ("teacher", "Teacher of the demo", Role::Teacher),
    ("ada", "Ada", Role::Student),
    ("ben", "Ben", Role::Student),
    ("cleo", "Cleo", Role::Student),
];
/// The class.
const CLASS: &str = "Demo class";

/// What is shown.
#[derive(Debug)]
pub struct Demo {
    accounts: Vec<Account>,
    platform: SocketAddr,
    code_runner: String,
    api_key: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Account {
    account: String,
    password: String,
}

/// Somewhere to look.
pub struct Place {
    /// What is there.
    pub what: String,
    /// Its address.
    pub address: String,
    /// What one needs there.
    pub with: Vec<String>,
    /// What is needed is the API key, which is for the terminal alone: browsers never get it from here.
    pub is_key: bool,
}

impl Demo {
    /// Makes the accounts if they are not there, and reads their passwords.
    ///
    /// # Errors
    /// A sentence.
    pub async fn prepare(
        database: &Database,
        folder: &Path,
        platform: SocketAddr,
        code_runner: &str,
        api_key: &str,
    ) -> Result<Self, String> {
        let path = folder.join(FILE);
        let failed = |error: &dyn std::fmt::Display| format!("{} can not be used: {error}", path.display());
        let accounts: Vec<Account> = match fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text).map_err(|error| failed(&error))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let account =
                    |account: &str| Account { account: account.to_owned(), password: secrets::one_time_password() };
                let accounts: Vec<Account> = PEOPLE.iter().map(|(name, _, _)| account(name)).collect();
                let text = serde_json::to_vec_pretty(&accounts).map_err(|error| failed(&error))?;
                let file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
                let written = file.and_then(|mut file| file.write_all(&text).and_then(|()| file.sync_all()));
                written.map_err(|error| failed(&error))?;
                accounts
            }
            Err(error) => return Err(failed(&error)),
        };
        // A start that was ended in between is made up for here.
        for (Account { account, password }, (_, name, role)) in accounts.iter().zip(PEOPLE) {
            if database.person(account).await.map_err(|error| error.to_string())?.is_none() {
                let class = (role == Role::Student).then(|| CLASS.to_owned());
                let password = secrets::hash_password(password)?;
                let (account, name) = (account.clone(), name.to_owned());
                let person = NewPerson { account, name, role, class, password, one_time: false };
                database.add_people(&[person]).await.map_err(|error| error.to_string())?;
            }
        }
        let (code_runner, api_key) = (code_runner.trim_end_matches('/').to_owned(), api_key.trim().to_owned());
        Ok(Self { accounts, platform, code_runner, api_key })
    }

    /// Where to look.
    pub fn places(&self) -> Vec<Place> {
        let platform = format!("http://{}/sign-in", self.platform);
        let mut places: Vec<Place> = Vec::new();
        for Account { account, password } in &self.accounts {
            let who = if account == "teacher" { "teacher" } else { "student" };
            let with = vec![account.clone(), password.clone()];
            places.push(Place {
                what: format!("Exercises, as a {who}"),
                address: platform.clone(),
                with,
                is_key: false,
            });
        }
        for (what, path) in [("Playground", "/"), ("Dashboard", "/dashboard"), ("Swagger UI", "/swagger/index.html")] {
            let (address, with) = (format!("{}{path}", self.code_runner), vec![self.api_key.clone()]);
            places.push(Place { what: what.to_owned(), address, with, is_key: true });
        }
        places
    }

    /// The same for a terminal.
    pub fn table(&self) -> String {
        let mut table = Table::new();
        table.load_style(presets::UTF8_FULL_CONDENSED).set_header(["what", "where", "with"]);
        for Place { what, address, with, is_key: _ } in self.places() {
            table.add_row([what, address, with.join("  ")]);
        }
        format!("\n{table}\n\nThe same is at http://{}/demo. Ctrl-C ends both.\n", self.platform)
    }
}
