//! Where features register their operations.

use actix_web::dev::HttpServiceFactory;
use actix_web::web;
use utoipa_actix_web::OpenApiFactory;
use utoipa_actix_web::service_config::ServiceConfig;

/// Where a feature registers its operations: with a server, or with the document while that is made.
///
/// A server does not ask what an operation says of itself: the code that tells it would be read into memory at each
/// start, and there is more of it than of what answers.
pub struct Routes<'a, 'b>(Of<'a, 'b>);

enum Of<'a, 'b> {
    Server(&'a mut web::ServiceConfig),
    Document(&'a mut ServiceConfig<'b>),
}

impl<'a, 'b> Routes<'a, 'b> {
    /// Those of a server.
    pub fn of_server(config: &'a mut web::ServiceConfig) -> Self {
        Self(Of::Server(config))
    }

    /// Those of the document.
    pub fn of_document(config: &'a mut ServiceConfig<'b>) -> Self {
        Self(Of::Document(config))
    }

    /// Registers an operation.
    pub fn service(&mut self, operation: impl HttpServiceFactory + OpenApiFactory + 'static) -> &mut Self {
        match &mut self.0 {
            Of::Server(config) => {
                config.service(operation);
            }
            Of::Document(config) => {
                config.service(operation);
            }
        }
        self
    }

    /// Registers the operations of a part.
    pub fn configure(&mut self, part: impl FnOnce(&mut Self)) -> &mut Self {
        part(self);
        self
    }
}
