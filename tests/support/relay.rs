//! A relay between the platform and PostgreSQL: passes everything on, until a test lets the network fail.
//!
//! A relay that was cut refuses everybody until it is mended, so nothing slips past it meanwhile.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

/// What PostgreSQL answers once a commit is durable: CommandComplete, its length, the tag.
const COMMITTED: &[u8] = b"C\0\0\0\x0bCOMMIT\0";

/// Longer than any words that a trap waits for.
const WORDS_MAX: usize = 64;

/// A listening port that stands for another one.
pub struct Relay {
    port: u16,
    network: Arc<Network>,
}

struct Network {
    target: u16,
    broken: AtomicBool,
    /// Both ends of every connection there has been.
    ends: Mutex<Vec<TcpStream>>,
    trap: Mutex<Option<Trap>>,
}

/// Waits for the commit of the transaction that carried these words.
struct Trap {
    words: Vec<u8>,
    sprung: Sender<()>,
}

impl Relay {
    /// Relays to a port on the loopback address for as long as the test process lives.
    pub fn to(target: u16) -> Relay {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let network = Network { target, broken: false.into(), ends: Mutex::default(), trap: Mutex::default() };
        let network = Arc::new(network);
        let shared = network.clone();
        thread::spawn(move || listener.incoming().flatten().for_each(|client| shared.connect(client)));
        Relay { port, network }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Breaks every connection and refuses new ones.
    pub fn cut(&self) {
        self.network.cut();
    }

    /// Lets connections through again.
    pub fn mend(&self) {
        self.network.broken.store(false, Ordering::SeqCst);
    }

    /// Breaks one connection in place of telling the platform that the transaction which carries these words has been
    /// committed. The receiver hears of it: then PostgreSQL has committed and the platform does not know.
    pub fn swallow_commit_of(&self, words: &str) -> Receiver<()> {
        assert!(words.len() <= WORDS_MAX, "{words}");
        let (sprung, hear) = channel();
        *self.network.trap.lock().unwrap() = Some(Trap { words: words.as_bytes().to_vec(), sprung });
        hear
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.network.cut();
    }
}

impl Network {
    fn connect(self: &Arc<Self>, client: TcpStream) {
        let Ok(server) = TcpStream::connect(("127.0.0.1", self.target)) else { return };
        let both = |stream: &TcpStream| (stream.try_clone().unwrap(), stream.try_clone().unwrap());
        let (asking, told) = both(&client);
        let (asked, telling) = both(&server);
        {
            let mut ends = self.ends.lock().unwrap();
            // under the lock, so that a connection is either refused here or broken by the cut
            if self.broken.load(Ordering::SeqCst) {
                return;
            }
            ends.extend([client, server]);
        }
        let carried = Arc::new(AtomicBool::new(false));
        let (there, back, also_carried) = (self.clone(), self.clone(), carried.clone());
        thread::spawn(move || there.pass_questions(asking, asked, &carried));
        thread::spawn(move || back.pass_answers(telling, told, &also_carried));
    }

    fn cut(&self) {
        let mut ends = self.ends.lock().unwrap();
        self.broken.store(true, Ordering::SeqCst);
        for end in ends.drain(..) {
            // it may be closed already
            let _ = end.shutdown(Shutdown::Both);
        }
    }

    fn pass_questions(&self, from: TcpStream, to: TcpStream, carried: &AtomicBool) {
        pass(from, to, WORDS_MAX, |window| {
            if self.trap.lock().unwrap().as_ref().is_some_and(|trap| holds(window, &trap.words)) {
                carried.store(true, Ordering::SeqCst);
            }
            true
        });
    }

    fn pass_answers(&self, from: TcpStream, to: TcpStream, carried: &AtomicBool) {
        // not one byte more, or the commit before would be seen again
        pass(from, to, COMMITTED.len() - 1, |window| {
            if !carried.load(Ordering::SeqCst) || !holds(window, COMMITTED) {
                return true;
            }
            if let Some(trap) = self.trap.lock().unwrap().take() {
                // a test that has failed no longer listens
                let _ = trap.sprung.send(());
            }
            false
        });
    }
}

/// Passes bytes on until either side closes, or `look` says of what it sees that nothing more may pass. It sees each
/// piece together with `kept` bytes of what went before, so that nothing is missed where two pieces meet.
fn pass(mut from: TcpStream, mut to: TcpStream, kept: usize, mut look: impl FnMut(&[u8]) -> bool) {
    let (mut piece, mut window) = (vec![0; 64 * 1024], Vec::new());
    while let Ok(length @ 1..) = from.read(&mut piece) {
        window.drain(..window.len().saturating_sub(kept));
        window.extend_from_slice(&piece[..length]);
        if !look(&window) || to.write_all(&piece[..length]).is_err() {
            break;
        }
    }
    // both sides are to learn of the end; they may know already
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}

fn holds(window: &[u8], words: &[u8]) -> bool {
    window.windows(words.len()).any(|part| part == words)
}
