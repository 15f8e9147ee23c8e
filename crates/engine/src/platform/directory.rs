//! Providers' master records, kept for a moment of the platform's time.

use crate::policies::fresh::is_fresh;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use yibao_domain::time::DateTime;
use yibao_store::reference::Provider;
use yibao_store::{Book, Fault, Mode};

/// Providers' master records; what `yibao load` changes shows after a moment. They are the same in every book, so that any
/// book answers where another one fails.
pub(crate) struct Directory {
    books: Vec<Mutex<Box<dyn Book>>>,
    known: Mutex<HashMap<String, (DateTime, Arc<Provider>)>>,
}

impl Directory {
    /// One that asks these books, the first before the others; there is one at least.
    pub fn new(books: Vec<Box<dyn Book>>) -> Directory {
        Directory { books: books.into_iter().map(Mutex::new).collect(), known: Mutex::default() }
    }

    /// The provider with this code, where it was looked up a moment ago.
    pub fn in_memory(&self, fixmedins_code: &str, now: DateTime) -> Option<Arc<Provider>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(fixmedins_code).filter(|(seen, _)| is_fresh(*seen, now)).map(|(_, found)| found.clone())
    }

    /// The provider with this code, from memory or from the store, and then it blocks.
    pub fn find(&self, fixmedins_code: &str, now: DateTime) -> Result<Option<Arc<Provider>>, Fault> {
        if let Some(found) = self.in_memory(fixmedins_code, now) {
            return Ok(Some(found));
        }
        let found = self.asked(fixmedins_code)?.map(Arc::new);
        if let Some(found) = &found {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.insert(fixmedins_code.to_owned(), (now, found.clone()));
        }
        Ok(found)
    }

    /// What the first book says that can be read.
    fn asked(&self, fixmedins_code: &str) -> Result<Option<Provider>, Fault> {
        let mut outcome = Ok(());
        for book in &self.books {
            let mut found = None;
            outcome = book.lock().unwrap_or_else(PoisonError::into_inner).transact(Mode::Read, &mut |tx| {
                found = tx.provider(fixmedins_code)?;
                Ok(())
            });
            match &outcome {
                Ok(()) => return Ok(found),
                Err(fault) => tracing::warn!(causes = fault.chain(), "looking a provider up, another book is asked"),
            }
        }
        outcome.map(|()| None)
    }
}
