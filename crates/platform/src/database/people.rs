//! People, their classes and passwords.

use sqlx::{Sqlite, SqliteConnection, Transaction};

use super::{Database, now_ms};

/// What somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(rename_all = "lowercase")]
pub enum Role {
    /// Solves exercises, and sees what is theirs.
    Student,
    /// Sees every class and attempt.
    Teacher,
}

/// Somebody with an account.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Person {
    /// In the database.
    pub id: i64,
    /// The name to sign in with.
    pub account: String,
    /// The name for people.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The class of a student.
    pub class: Option<i64>,
    /// Argon2.
    pub password: String,
    /// The password has to be changed first.
    pub one_time: bool,
    /// For Code Runner.
    pub tag: String,
}

/// A class.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Class {
    /// In the database.
    pub id: i64,
    /// For people.
    pub name: String,
    /// How many are in it.
    pub students: i64,
}

/// Somebody who is to have an account.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// The name to sign in with, in lower case.
    pub account: String,
    /// The name for people.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The name of a student's class, which is made if there is none.
    pub class: Option<String>,
    /// Argon2.
    pub password: String,
    /// The password has to be changed first.
    pub one_time: bool,
}

impl Database {
    /// By the name to sign in with.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn person(&self, account: &str) -> Result<Option<Person>, sqlx::Error> {
        sqlx::query_as("SELECT * FROM people WHERE account = ?").bind(account).fetch_optional(&self.readers).await
    }

    /// By the number.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn person_of(&self, id: i64) -> Result<Option<Person>, sqlx::Error> {
        sqlx::query_as("SELECT * FROM people WHERE id = ?").bind(id).fetch_optional(&self.readers).await
    }

    /// Everybody, or the students of a class, by name.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn people(&self, class: Option<i64>) -> Result<Vec<Person>, sqlx::Error> {
        let statement = "SELECT * FROM people WHERE ?1 IS NULL OR class = ?1 ORDER BY name COLLATE NOCASE, account";
        sqlx::query_as(statement).bind(class).fetch_all(&self.readers).await
    }

    /// All classes, by name.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn classes(&self) -> Result<Vec<Class>, sqlx::Error> {
        let statement = "SELECT id, name, (SELECT count(*) FROM people WHERE class = classes.id) AS students \
             FROM classes ORDER BY name COLLATE NOCASE";
        sqlx::query_as(statement).fetch_all(&self.readers).await
    }

    /// Makes accounts: all, or none. Gives the accounts that are taken already.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn add_people(&self, people: &[NewPerson]) -> Result<Vec<String>, sqlx::Error> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let mut taken = Vec::new();
        for person in people {
            if !add(&mut transaction, person).await? {
                taken.push(person.account.clone());
            }
        }
        if taken.is_empty() {
            transaction.commit().await?;
        }
        Ok(taken)
    }

    /// Gives an account another password and ends its sessions, but for the one with the digest `but`.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn set_password(
        &self,
        id: i64,
        password: &str,
        one_time: bool,
        but: Option<&[u8; 32]>,
    ) -> Result<(), sqlx::Error> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let update = sqlx::query("UPDATE people SET password = ?, one_time = ? WHERE id = ?");
        update.bind(password).bind(one_time).bind(id).execute(&mut *transaction).await?;
        let end = sqlx::query("DELETE FROM sessions WHERE person = ? AND digest IS NOT ?");
        end.bind(id).bind(but.map(<[u8; 32]>::as_slice)).execute(&mut *transaction).await?;
        transaction.commit().await
    }

    /// Deletes an account with all its attempts, and has it erased at Code Runner as soon as that can be.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn remove_person(&self, person: &Person) -> Result<(), sqlx::Error> {
        let mut transaction: Transaction<'_, Sqlite> = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("DELETE FROM people WHERE id = ?").bind(person.id).execute(&mut *transaction).await?;
        let erase = sqlx::query("INSERT OR REPLACE INTO erasures (tag, next_at) VALUES (?, ?)");
        erase.bind(&person.tag).bind(now_ms()).execute(&mut *transaction).await?;
        transaction.commit().await
    }

    /// Has a tag erased at Code Runner as soon as that can be.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn erase(&self, tag: &str) -> Result<(), sqlx::Error> {
        let erase = sqlx::query("INSERT OR REPLACE INTO erasures (tag, next_at) VALUES (?, ?)");
        erase.bind(tag).bind(now_ms()).execute(&self.writer).await.map(drop)
    }

    /// A tag to erase at Code Runner, if it is time for one.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn next_erasure(&self) -> Result<Option<String>, sqlx::Error> {
        let statement = "SELECT tag FROM erasures WHERE next_at <= ? ORDER BY next_at LIMIT 1";
        let found: Option<(String,)> = sqlx::query_as(statement).bind(now_ms()).fetch_optional(&self.readers).await?;
        Ok(found.map(|(tag,)| tag))
    }

    /// It is erased, or to be tried again at another time.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn erasure_tried(&self, tag: &str, again_at: Option<i64>) -> Result<(), sqlx::Error> {
        let query = match again_at {
            None => sqlx::query("DELETE FROM erasures WHERE tag = ?").bind(tag),
            Some(at) => sqlx::query("UPDATE erasures SET next_at = ?2 WHERE tag = ?1").bind(tag).bind(at),
        };
        query.execute(&self.writer).await.map(drop)
    }
}

/// False if the account is taken.
async fn add(connection: &mut SqliteConnection, person: &NewPerson) -> Result<bool, sqlx::Error> {
    let NewPerson { account, name, role, class, password, one_time } = person;
    let class = match class {
        None => None,
        Some(class) => {
            let make = sqlx::query("INSERT INTO classes (name) VALUES (?) ON CONFLICT DO NOTHING");
            make.bind(class).execute(&mut *connection).await?;
            let find = sqlx::query_as("SELECT id FROM classes WHERE name = ?");
            let (id,): (i64,) = find.bind(class).fetch_one(&mut *connection).await?;
            Some(id)
        }
    };
    let statement = "INSERT INTO people (account, name, role, class, password, one_time, tag, made_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account) DO NOTHING";
    let insert = sqlx::query(statement).bind(account).bind(name).bind(role).bind(class).bind(password).bind(one_time);
    let done = insert.bind(crate::secrets::tag()).bind(now_ms()).execute(connection).await?;
    Ok(done.rows_affected() == 1)
}
