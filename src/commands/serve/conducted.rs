//! A platform that is conducted (仿真): whoever has started it says what time it is and when it does its own work.
//!
//! The first line on standard output is the address. Then each line on standard input is an order, answered with `done` once it
//! is carried out: `at 2021-07-09T19:55:00` puts the clock there, `tend` does what the platform does by itself and is due.
//! With the end of standard input nobody is there any more, and the process ends.

use crate::clock::PlatformClock;
use crate::machine::start_thread;
use anyhow::Context;
use jiff::civil::DateTime;
use std::io::{BufRead, Write};
use std::sync::Arc;
use tokio::net::TcpListener;
use yibao_engine::Platform;
use yibao_engine::desks::{Next, Reconciler};

/// Says where it listens and follows orders from then on.
pub fn follow(platform: &Arc<Platform>, clock: &Arc<PlatformClock>, listener: &TcpListener) -> anyhow::Result<()> {
    let address = listener.local_addr()?;
    let mut conducted =
        Conducted { platform: platform.clone(), clock: clock.clone(), reconcilers: platform.reconcilers() };
    // Not waited for when the platform stops: it reads until there is nobody to read from.
    start_thread("conductor".to_owned(), move || {
        let (input, output) = (std::io::stdin().lock(), std::io::stdout().lock());
        let code = match conducted.carry_out(&address.to_string(), input, output) {
            Ok(()) => 0,
            Err(error) => {
                tracing::error!(%error, "an order is not understood");
                2
            }
        };
        std::process::exit(code);
    })?;
    Ok(())
}

struct Conducted {
    platform: Arc<Platform>,
    clock: Arc<PlatformClock>,
    reconcilers: Vec<Reconciler>,
}

impl Conducted {
    fn carry_out(&mut self, address: &str, orders: impl BufRead, mut answers: impl Write) -> anyhow::Result<()> {
        let mut say = |line: &str| writeln!(answers, "{line}").and_then(|()| answers.flush());
        say(address)?;
        for order in orders.lines() {
            let order = order?;
            match order.split_once(' ') {
                Some(("at", moment)) => self.clock.put_to(moment.parse::<DateTime>().with_context(|| order.clone())?),
                None if order == "tend" => self.tend(),
                _ => anyhow::bail!("order {order:?}"),
            }
            say("done")?;
        }
        Ok(())
    }

    fn tend(&mut self) {
        use yibao_web::Clock;
        for reconciler in &mut self.reconcilers {
            while reconciler.round(&self.platform, self.clock.now()) == Next::AtOnce {}
        }
    }
}
