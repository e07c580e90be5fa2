//! `code-runner platform users`: accounts. One-time passwords go to standard output, once, and nowhere else.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use comfy_table::{Table, presets};

use super::{DataArgs, with_database};
use crate::database::Database;
use crate::database::people::{NewPerson, Role};
use crate::secrets;

/// People in one file.
const MOST_PEOPLE: usize = 2000;

/// What to do with accounts.
#[derive(Debug, Args)]
pub struct UsersArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make an account and print its one-time password.
    Add {
        /// The name to sign in with: a-z, 0-9, `.`, `_` and `-`.
        account: String,
        /// The name for people; without it, the account.
        #[arg(long)]
        name: Option<String>,
        /// What the person may do.
        #[arg(long, value_enum, default_value = "student")]
        role: RoleName,
        /// The class of a student; it is made if there is none of this name.
        #[arg(long)]
        class: Option<String>,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Make accounts for a class: a CSV file whose first line is `account,name`. Prints `account,password`.
    Import {
        /// The file.
        file: PathBuf,
        /// The class; it is made if there is none of this name.
        #[arg(long)]
        class: String,
        #[command(flatten)]
        data: DataArgs,
    },
    /// List accounts.
    List {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Give an account another one-time password, print it, and end its sessions.
    Reset {
        /// The account.
        account: String,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Remove an account with all its attempts, here and, as soon as that can be, at Code Runner.
    Remove {
        /// The account.
        account: String,
        #[command(flatten)]
        data: DataArgs,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RoleName {
    Student,
    Teacher,
}

/// The command.
pub fn run(args: UsersArgs) -> ExitCode {
    let work = async {
        let text = match args.action {
            Action::Add { account, name, role, class, data } => {
                with_database(&data, async |database| add(database, account, name, role, class).await).await
            }
            Action::Import { file, class, data } => {
                with_database(&data, async |database| import(database, &file, &class).await).await
            }
            Action::List { data } => with_database(&data, list).await,
            Action::Reset { account, data } => {
                with_database(&data, async |database| reset(database, &account).await).await
            }
            Action::Remove { account, data } => {
                with_database(&data, async |database| remove(database, &account).await).await
            }
        }?;
        print!("{text}");
        Ok::<_, String>(ExitCode::SUCCESS)
    };
    super::finish(false, work)
}

fn sqlite(error: sqlx::Error) -> String {
    format!("the database failed: {error}")
}

async fn add(
    database: &Database,
    account: String,
    name: Option<String>,
    role: RoleName,
    class: Option<String>,
) -> Result<String, String> {
    let account = valid_account(&account)?;
    let name = valid_name("--name", name.as_deref().unwrap_or(&account))?;
    let (role, class) = match (role, class) {
        (RoleName::Student, Some(class)) => (Role::Student, Some(valid_name("--class", &class)?)),
        (RoleName::Student, None) => return Err("a student needs --class".to_owned()),
        (RoleName::Teacher, None) => (Role::Teacher, None),
        (RoleName::Teacher, Some(_)) => return Err("a teacher sees every class; leave --class out".to_owned()),
    };
    let one_time = secrets::one_time_password();
    let password = secrets::hash_password(&one_time)?;
    let person = NewPerson { account: account.clone(), name, role, class, password, one_time: true };
    if !database.add_people(&[person]).await.map_err(sqlite)?.is_empty() {
        return Err(format!("there is an account `{account}` already"));
    }
    Ok(shown(&account, &one_time))
}

fn shown(account: &str, password: &str) -> String {
    eprintln!("The password of `{account}` is shown only now, and has to be changed at the first sign-in:");
    format!("{password}\n")
}

async fn import(database: &Database, file: &Path, class: &str) -> Result<String, String> {
    let class = valid_name("--class", class)?;
    let text = std::fs::read_to_string(file).map_err(|error| format!("{} can not be read: {error}", file.display()))?;
    let rows = rows(&text).map_err(|error| format!("{}:{error}", file.display()))?;
    let mut people = Vec::new();
    let mut passwords = "account,password\n".to_owned();
    for (account, name) in rows {
        let one_time = secrets::one_time_password();
        let _ = writeln!(passwords, "{account},{one_time}");
        let password = secrets::hash_password(&one_time)?;
        people.push(NewPerson {
            account,
            name,
            role: Role::Student,
            class: Some(class.clone()),
            password,
            one_time: true,
        });
    }
    let taken = database.add_people(&people).await.map_err(sqlite)?;
    if !taken.is_empty() {
        return Err(format!("nothing was imported, because these accounts are there already: {}", taken.join(", ")));
    }
    eprintln!(
        "{} accounts were made. The passwords are shown only now, and have to be changed at the first sign-in.",
        people.len()
    );
    Ok(passwords)
}

/// The accounts and names of a file; an error begins with the line.
fn rows(text: &str) -> Result<Vec<(String, String)>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| format!("1: {error}"))?;
    if headers.iter().collect::<Vec<_>>() != ["account", "name"] {
        return Err("1: the first line must be `account,name`".to_owned());
    }
    let (mut rows, mut seen) = (Vec::new(), BTreeSet::new());
    for record in reader.records() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(0, csv::Position::line);
            format!("{line}: {error}")
        })?;
        let line = record.position().map_or(0, csv::Position::line);
        let account = valid_account(&record[0]).map_err(|what| format!("{line}: {what}"))?;
        let name = valid_name("the name", &record[1]).map_err(|what| format!("{line}: {what}"))?;
        if !seen.insert(account.clone()) {
            return Err(format!("{line}: `{account}` is there twice"));
        }
        if rows.len() == MOST_PEOPLE {
            return Err(format!("{line}: there are more than {MOST_PEOPLE} people"));
        }
        rows.push((account, name));
    }
    if rows.is_empty() { Err("2: there is nobody in it".to_owned()) } else { Ok(rows) }
}

fn valid_account(account: &str) -> Result<String, String> {
    let account = account.trim().to_lowercase();
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
    if !(1..=64).contains(&account.len()) || !account.bytes().all(allowed) || account.starts_with(['.', '_', '-']) {
        return Err(format!(
            "the account `{account}` must be 1 to 64 of a-z, 0-9, `.`, `_` and `-`, the first a letter or digit"
        ));
    }
    Ok(account)
}

fn valid_name(what: &str, name: &str) -> Result<String, String> {
    let name = name.trim();
    if !(1..=100).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(format!("{what} must have 1 to 100 characters, none of them a control character"));
    }
    Ok(name.to_owned())
}

async fn list(database: &Database) -> Result<String, String> {
    let classes = database.classes().await.map_err(sqlite)?;
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_header(["account", "name", "role", "class", "password"]);
    for person in database.people(None).await.map_err(sqlite)? {
        let class =
            classes.iter().find(|class| Some(class.id) == person.class).map_or("–", |class| class.name.as_str());
        let role = if person.role == Role::Teacher { "teacher" } else { "student" };
        let password = if person.one_time { "one-time" } else { "own" };
        table.add_row([person.account.as_str(), &person.name, role, class, password]);
    }
    Ok(format!("{table}\n"))
}

async fn reset(database: &Database, account: &str) -> Result<String, String> {
    let person = database.person(&account.trim().to_lowercase()).await.map_err(sqlite)?;
    let person = person.ok_or_else(|| format!("there is no account `{account}`"))?;
    let one_time = secrets::one_time_password();
    let password = secrets::hash_password(&one_time)?;
    database.set_password(person.id, &password, true, None).await.map_err(sqlite)?;
    Ok(shown(&person.account, &one_time))
}

async fn remove(database: &Database, account: &str) -> Result<String, String> {
    let person = database.person(&account.trim().to_lowercase()).await.map_err(sqlite)?;
    let person = person.ok_or_else(|| format!("there is no account `{account}`"))?;
    database.remove_person(&person).await.map_err(sqlite)?;
    Ok(format!("`{}` and all attempts are removed here; the platform has them erased at Code Runner\n", person.account))
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[test]
    fn a_list_of_people_is_taken_or_refused_with_its_line() {
        assert_eq!(
            rows("account,name\r\nADA,\"Ada, the first\"\r\nben,Ben\r\n").unwrap(),
            [("ada".to_owned(), "Ada, the first".to_owned()), ("ben".to_owned(), "Ben".to_owned())]
        );
        for (text, expected) in [
            ("", "1: the first line"),
            ("name,account\n", "1: the first line"),
            ("account,name\n", "2: there is nobody"),
            ("account,name\nada,Ada\nada,Ada\n", "3: `ada` is there twice"),
            ("account,name\na da,Ada\n", "2: the account `a da` must be"),
            ("account,name\nada,\n", "2: the name must have"),
            ("account,name\nada,Ada,x\n", "2: "),
        ] {
            let error = rows(text).unwrap_err();
            assert!(error.starts_with(expected), "{text:?}: {error}");
        }
    }
}
