//! What is sent together is one way there and back, however much of it there is.

use std::borrow::Cow;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use futures_util::future::maybe_done;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Error, Row, Statement};

use crate::store::value::Value;

/// Something for the server to do.
pub enum Order<'a> {
    Query(Statement, Vec<Value<'a>>),
    Execute(Statement, Vec<Value<'a>>),
    /// Statements of our own, without parameters.
    Control(Cow<'a, str>),
}

/// What was answered.
pub enum Told {
    Rows(Vec<Row>),
    /// How many rows were touched.
    Touched(u64),
    Done,
}

impl Order<'_> {
    async fn give(&self, client: &Client) -> Result<Told, Error> {
        match self {
            Self::Query(statement, params) => client.query(statement, &parameters(params)).await.map(Told::Rows),
            Self::Execute(statement, params) => client.execute(statement, &parameters(params)).await.map(Told::Touched),
            Self::Control(sql) => client.batch_execute(sql).await.map(|()| Told::Done),
        }
    }
}

/// Gives the orders, then the last one, and waits for all answers. Answers whether any of the orders touched a row, and
/// what was told of the last.
///
/// # Errors
/// What came of the first that failed: the server does nothing that comes after it in its transaction.
pub async fn fly(client: &Client, orders: Vec<Order<'_>>, last: Order<'_>) -> Result<(bool, Told), Error> {
    let mut ahead: Vec<_> = orders.iter().map(|order| Box::pin(maybe_done(order.give(client)))).collect();
    let mut last = pin!(maybe_done(last.give(client)));
    // Whatever is looked at for the first time is sent, in this order.
    poll_fn(|context| {
        for order in &mut ahead {
            let _ = order.as_mut().poll(context);
        }
        let _ = last.as_mut().poll(context);
        Poll::Ready(())
    })
    .await;
    let mut has_touched = false;
    for mut order in ahead {
        order.as_mut().await;
        let told = order.as_mut().take_output().transpose()?;
        has_touched |= matches!(told, Some(Told::Touched(count)) if count > 0);
    }
    last.as_mut().await;
    let told = last.as_mut().take_output().unwrap_or(Ok(Told::Done))?;
    Ok((has_touched, told))
}

fn parameters<'a>(params: &'a [Value<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    params.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}
