//! A browser without a script: keeps its cookie, and fills in forms as they come.

/// One person's browser.
pub struct Browser {
    base: String,
    cookie: String,
    form_token: String,
}

impl Browser {
    /// One that was nowhere yet.
    pub fn new(base: &str) -> Self {
        Self { base: base.to_owned(), cookie: String::new(), form_token: String::new() }
    }

    /// The platform was started anew elsewhere.
    pub fn moves_to(&mut self, base: &str) {
        base.clone_into(&mut self.base);
    }

    /// What is in the cookie.
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Somebody puts another one there.
    pub fn take_cookie(&mut self, cookie: &str) {
        cookie.clone_into(&mut self.cookie);
    }

    /// That of the last form that was seen.
    pub fn form_token(&self) -> &str {
        &self.form_token
    }

    /// The status and the text of a page.
    pub fn get(&mut self, path: &str) -> (u16, String) {
        let request = agent().get(format!("{}{path}", self.base)).header("cookie", &self.cookie);
        self.seen(request.call().expect("an answer"))
    }

    /// Sends a form as the last page had it: the status and the text.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let fields: Vec<_> = fields.iter().copied().chain([("form_token", self.form_token.as_str())]).collect();
        let request =
            agent().post(format!("{}{path}", self.base)).header("cookie", &self.cookie).header("origin", &self.base);
        let answer = request.send_form(fields).expect("an answer");
        self.seen(answer)
    }

    /// Sends exactly this: the status.
    pub fn send(&mut self, path: &str, fields: &[(String, String)], origin: Option<&str>) -> u16 {
        let mut request = agent().post(format!("{}{path}", self.base)).header("cookie", &self.cookie);
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        request
            .send_form(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())))
            .expect("an answer")
            .status()
            .as_u16()
    }

    /// The status of signing in.
    pub fn sign_in(&mut self, account: &str, password: &str) -> u16 {
        self.get("/sign-in");
        self.post("/sign-in", &[("account", account), ("password", password)]).0
    }

    /// Hands in code: the address of the attempt.
    pub fn hand_in(&mut self, exercise: &str, language: &str, code: &str) -> String {
        self.get(&format!("/exercises/{exercise}"));
        let path = format!("/exercises/{exercise}/attempts");
        let fields = [("language", language), ("code", code), ("form_token", self.form_token.as_str())];
        let request = agent().post(format!("{}{path}", self.base)).header("cookie", &self.cookie);
        let answer = request.send_form(fields).expect("an answer");
        assert_eq!(answer.status().as_u16(), 303);
        let place = answer.headers()["location"].to_str().expect("text").to_owned();
        place.split('?').next().expect("an address").to_owned()
    }

    fn seen(&mut self, mut answer: ureq::http::Response<ureq::Body>) -> (u16, String) {
        if let Some(cookie) = answer.headers().get("set-cookie") {
            let text = cookie.to_str().expect("text");
            assert!(text.contains("HttpOnly") && text.contains("SameSite=Lax"), "{text}");
            text.split(';').next().expect("a cookie").clone_into(&mut self.cookie);
        }
        let text = answer.body_mut().read_to_string().expect("text");
        if let Some((_, rest)) = text.split_once("name=\"form_token\" value=\"") {
            rest.split('"').next().expect("a token").clone_into(&mut self.form_token);
        }
        (answer.status().as_u16(), text)
    }
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into()
}
