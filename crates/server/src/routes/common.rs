//! What every address may answer, whatever it is for: added to the document in one place, as it is added to the
//! answers in one ([`crate::app`]).

use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, HeaderBuilder, OpenApi, Ref, RefOr};

/// Statuses that have nothing to do with an address, each with its sentence.
const ANSWERS: [(&str, &str); 3] = [
    ("400", "The header `Host` is missing, there twice, or no name of a host."),
    ("421", "The server does not answer to the name in the header `Host`."),
    ("500", "Code Runner failed; there is nothing a client could change."),
];

/// What `x-request-id` is.
const NAME: &str = "The name of the request in the server's log: the one that was sent in this header, if it is like this, or a new one.";

/// Adds them to every operation, where it does not say more itself, and the header that all answers have.
pub fn add(document: &mut OpenApi) {
    for item in document.paths.paths.values_mut() {
        operations(item).for_each(complete);
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, options, head, patch, trace, query, .. } = item;
    [get, put, post, delete, options, head, patch, trace, query].into_iter().flatten()
}

fn complete(operation: &mut Operation) {
    let responses = &mut operation.responses.responses;
    for (status, sentence) in ANSWERS {
        match responses.get_mut(status) {
            None => {
                responses.insert(status.to_owned(), RefOr::T(problem(sentence)));
            }
            // Never a reference: none is made by hand.
            Some(RefOr::T(own)) => own.description = format!("{} Or: {sentence}", own.description),
            Some(RefOr::Ref(_)) => {}
        }
    }
    for response in responses.values_mut() {
        if let RefOr::T(response) = response {
            let schema = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[A-Za-z0-9._-]{1,64}$"));
            let header = HeaderBuilder::new().schema(Some(schema.build())).description(Some(NAME));
            response.headers.insert("x-request-id".to_owned(), RefOr::T(header.build()));
        }
    }
}

fn problem(sentence: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().description(sentence).content("application/problem+json", content).build()
}
