//! Signing in and out, and changing one's password.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::error::PageError;
use super::guard::{Visitor, cookie};
use super::{App, layout};
use crate::secrets::{self, PASSWORD_CHARS};

/// `GET /sign-in`
pub async fn page(State(app): State<Arc<App>>, Extension(visitor): Extension<Visitor>) -> Response {
    if visitor.person.is_some() {
        return Redirect::to("/").into_response();
    }
    sign_in_page(&app, &visitor, "", None).into_response()
}

fn sign_in_page(app: &App, visitor: &Visitor, account: &str, wrong: Option<&str>) -> Markup {
    let body = html! {
        @if let Some(wrong) = wrong { p.notice.bad role="alert" { (wrong) } }
        form.narrow method="post" action="/sign-in" {
            (layout::form_token(visitor))
            label for="account" { "Account" }
            input id="account" name="account" value=(account) autocomplete="username" autocapitalize="none" spellcheck="false"
                maxlength="64" required autofocus;
            label for="password" { "Password" }
            input id="password" name="password" type="password" autocomplete="current-password" maxlength="128" required;
            button.primary type="submit" { "Sign in" }
        }
        p.muted { "Your teacher has made your account. If you have forgotten your password, ask for another one." }
        @if let Some(demo) = &app.demo { (super::demo::table(demo)) }
    };
    layout::page("Sign in", None, &body)
}

/// `POST /sign-in`
pub async fn sign_in(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Response, PageError> {
    let account = visitor.field("account").trim().to_lowercase();
    let password = visitor.field("password").to_owned();
    if account.chars().count() > 64 || password.chars().count() > *PASSWORD_CHARS.end() {
        let page = sign_in_page(&app, &visitor, "", Some("The account or the password is wrong."));
        return Ok((StatusCode::FORBIDDEN, page).into_response());
    }
    if let Err(wait) = app.tries.count(&account, visitor.address) {
        // Not the account: some type their password there.
        tracing::warn!(address = %visitor.address, "too many tries to sign in");
        let seconds = wait.as_secs().max(1);
        let text = format!("There were too many wrong tries. Try again in {} minutes.", seconds.div_ceil(60));
        let page = sign_in_page(&app, &visitor, &account, Some(&text));
        let after = [(header::RETRY_AFTER, HeaderValue::from(seconds))];
        return Ok((StatusCode::TOO_MANY_REQUESTS, after, page).into_response());
    }
    let person = app.database.person(&account).await?;
    let digest = person.as_ref().map(|person| person.password.clone());
    let is_right = app.passwords.check(password, digest).await;
    let Some(person) = person.filter(|_| is_right) else {
        // One answer, whatever was wrong.
        let page = sign_in_page(&app, &visitor, &account, Some("The account or the password is wrong."));
        return Ok((StatusCode::FORBIDDEN, page).into_response());
    };
    app.tries.forget(&account, visitor.address);
    // A new token, so that one that somebody has put into the browser before is worth nothing.
    let token = secrets::token();
    app.database.end_session(&secrets::digest(&visitor.token)).await?;
    app.database.begin_session(&secrets::digest(&token), person.id).await?;
    tracing::info!(person = person.id, "signed in");
    Ok(([(header::SET_COOKIE, cookie(&app, &token))], Redirect::to("/")).into_response())
}

/// `POST /sign-out`
pub async fn sign_out(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Response, PageError> {
    app.database.end_session(&secrets::digest(&visitor.token)).await?;
    let token = secrets::token();
    Ok(([(header::SET_COOKIE, cookie(&app, &token))], Redirect::to("/sign-in")).into_response())
}

/// `GET /password`
pub async fn password_page(Extension(visitor): Extension<Visitor>) -> Markup {
    form(&visitor, None)
}

fn form(visitor: &Visitor, wrong: Option<&str>) -> Markup {
    let is_one_time = visitor.person.as_ref().is_some_and(|person| person.one_time);
    let body = html! {
        @if is_one_time { p.notice { "Your password was made by somebody else. Choose one that only you know." } }
        @if let Some(wrong) = wrong { p.notice.bad role="alert" { (wrong) } }
        form.narrow method="post" action="/password" {
            (layout::form_token(visitor))
            label for="present" { "Present password" }
            input id="present" name="present" type="password" autocomplete="current-password" maxlength="128" required;
            label for="new" { "New password" }
            input id="new" name="new" type="password" autocomplete="new-password" minlength=(PASSWORD_CHARS.start()) maxlength="128"
                required aria-describedby="rule";
            p.muted id="rule" { "At least " (PASSWORD_CHARS.start()) " characters; a few words are good." }
            label for="again" { "New password once more" }
            input id="again" name="again" type="password" autocomplete="new-password" maxlength="128" required;
            button.primary type="submit" { "Change password" }
        }
    };
    layout::page("Password", Some(visitor), &body)
}

/// `POST /password`
pub async fn change_password(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Response, PageError> {
    let person = visitor.someone()?;
    let new = visitor.field("new");
    let wrong = if !PASSWORD_CHARS.contains(&new.chars().count()) {
        Some(format!("The new password must have {} to {} characters.", PASSWORD_CHARS.start(), PASSWORD_CHARS.end()))
    } else if new != visitor.field("again") {
        Some("The new password is not the same both times.".to_owned())
    } else if new == visitor.field("present") || new.to_lowercase() == person.account {
        Some("The new password must not be the present one, nor the account.".to_owned())
    } else if app.tries.count(&person.account, visitor.address).is_err() {
        Some("There were too many wrong tries. Try again later.".to_owned())
    } else if !app.passwords.check(visitor.field("present").to_owned(), Some(person.password.clone())).await {
        Some("The present password is wrong.".to_owned())
    } else {
        None
    };
    if let Some(wrong) = wrong {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, form(&visitor, Some(&wrong))).into_response());
    }
    app.tries.forget(&person.account, visitor.address);
    let hashed = app.passwords.hash(new.to_owned()).await.map_err(|error| {
        tracing::error!(error, "a password was not changed");
        PageError::Internal
    })?;
    app.database.set_password(person.id, &hashed, false, Some(&secrets::digest(&visitor.token))).await?;
    tracing::info!(person = person.id, "has changed the password");
    Ok(Redirect::to("/").into_response())
}
