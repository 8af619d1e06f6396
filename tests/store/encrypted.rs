//! PostgreSQL reached by TLS, with a certificate of the test's own.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::{Duration, Instant};

use ringcard::error::Result;
use ringcard::store::Store;
use ringcard::store::location::StoreLocation;
use ringcard::store::tx::{Topic, Tx};

use crate::nodes::add_one;
use crate::place::start_server_in;
use crate::proxy::Proxy;

fn is_encrypted(tx: &mut Tx) -> Result<String> {
    let row = tx.query_opt("SELECT CAST(ssl AS TEXT) FROM pg_stat_ssl WHERE pid = pg_backend_pid()", &[])?;
    row.unwrap().take(0)
}

fn open(address: &str) -> std::result::Result<Store, String> {
    Store::open(&StoreLocation::Postgres(address.to_owned())).map_err(|error| error.to_string())
}

#[actix_web::test]
#[ignore = "needs PostgreSQL"]
async fn by_tls_everything_is_encrypted_and_a_stranger_is_not_believed() {
    let directory = tempfile::tempdir().unwrap().keep();
    let path = directory.to_str().unwrap();
    let line = format!(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=ours \
         -addext subjectAltName=IP:127.0.0.1 -addext basicConstraints=critical,CA:FALSE \
         -keyout {path}/server.key -out {path}/server.crt"
    );
    let made = Command::new("openssl").args(line.split_whitespace().filter(|word| *word != "\\")).output().unwrap();
    assert!(made.status.success(), "{made:?}");
    std::fs::set_permissions(directory.join("server.key"), PermissionsExt::from_mode(0o600)).unwrap();
    std::fs::set_permissions(&directory, PermissionsExt::from_mode(0o755)).unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    start_server_in(
        &directory,
        &format!(
            "-c listen_addresses=127.0.0.1 -c port={port} -c ssl=on \
             -c ssl_cert_file={path}/server.crt -c ssl_key_file={path}/server.key"
        ),
        "-c fsync=off",
    );
    let plain = format!("postgres://ringcard@127.0.0.1:{port}/postgres");

    let unencrypted = open(&plain).unwrap();
    assert_eq!(unencrypted.show(is_encrypted).await.unwrap(), "false");

    let strange = open(&format!("{plain}?sslmode=require")).err().unwrap();
    assert!(strange.contains("UnknownIssuer"), "{strange}");

    let trusted = format!("sslmode=verify-full&sslrootcert={path}/server.crt");
    let store = open(&format!("{plain}?{trusted}")).unwrap();
    for lane in [store.show(is_encrypted).await, store.look_up(is_encrypted).await, store.list(is_encrypted).await] {
        assert_eq!(lane.unwrap(), "true");
    }
    let mut heard = store.subscribe();
    let write = |tx: &mut Tx| {
        add_one(tx, "n")?;
        tx.notify(Topic::Contact, "c");
        is_encrypted(tx)
    };
    assert_eq!(store.write(write).await.unwrap(), "true");
    let notices = tokio::time::timeout(Duration::from_secs(5), heard.recv()).await.unwrap().unwrap();
    assert_eq!(notices[0].id, "c");

    // Also of the handshake itself it is given up.
    let proxy = Proxy::before_server(&plain);
    proxy.freezes();
    let began = Instant::now();
    let silent = open(&format!("postgres://ringcard@{}/postgres?{trusted}", proxy.address)).err().unwrap();
    assert!(silent.contains("no answer in time"), "{silent}");
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
}
