//! HTTPS from the owner's PEM files, which are read again when the owner says so.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use anyhow::Context;
use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

/// The certificate, as it was when it was last read.
pub struct Certificate {
    files: (PathBuf, PathBuf),
    current: RwLock<Arc<ServerConfig>>,
}

impl Certificate {
    /// # Errors
    /// When a file cannot be read, or the two do not fit each other.
    pub fn load(files: (PathBuf, PathBuf)) -> anyhow::Result<Self> {
        let current = RwLock::new(Arc::new(server_config(&files.0, &files.1)?));
        Ok(Self { files, current })
    }

    /// Connections from now on get what stands in the files now.
    ///
    /// # Errors
    /// As [`Certificate::load`]; then what was read before stays.
    pub fn reload(&self) -> anyhow::Result<()> {
        let config = Arc::new(server_config(&self.files.0, &self.files.1)?);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = config;
        Ok(())
    }

    pub fn acceptor(&self) -> TlsAcceptor {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner)).into()
    }
}

fn server_config(cert_file: &Path, key_file: &Path) -> anyhow::Result<ServerConfig> {
    let chain = CertificateDer::pem_file_iter(cert_file)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(|| format!("the certificate {} cannot be read", cert_file.display()))?;
    let key = PrivateKeyDer::from_pem_file(key_file).with_context(|| unreadable_key(key_file))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .with_context(|| format!("{} and {} do not fit each other", cert_file.display(), key_file.display()))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// Why, as far as the owner can mend it.
fn unreadable_key(file: &Path) -> String {
    let path = file.display();
    match std::fs::read_to_string(file) {
        Ok(text) if text.contains("ENCRYPTED") => {
            format!(
                "the private key {path} is encrypted, and nobody is there to be asked: openssl pkey -in {path} -out …"
            )
        }
        _ => format!("the private key {path} cannot be read"),
    }
}
