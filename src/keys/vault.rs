//! Seals personal numbers and secrets of webhooks: AES-256-GCM-SIV for keeping, HMAC-SHA-256 for looking up.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, Nonce, RandomizedNonceKey};
use aws_lc_rs::hmac;
use uuid::Uuid;

use crate::domain::{BeneficiaryId, CardNumber, ComplaintId, ImportId, MemberId, Nik, WebhookId};
use crate::error::{Error, Result};
use crate::keys::files;

const NONCE_BYTES: usize = 12;
/// How much longer sealing makes bytes: key id, nonce and tag.
pub const SEAL_BYTES: usize = 1 + NONCE_BYTES + 16;

/// Where a sealed text stands; sealed text copied to another row or column does not open.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    column: u8,
    area_id: i32,
    row_id: Uuid,
}

impl Place {
    /// The NIK of a member.
    #[must_use]
    pub fn nik(area_id: i32, member_id: MemberId) -> Self {
        Self { column: b'n', area_id, row_id: member_id.0 }
    }

    /// The family card number of a beneficiary.
    #[must_use]
    pub fn card(area_id: i32, beneficiary_id: BeneficiaryId) -> Self {
        Self { column: b'c', area_id, row_id: beneficiary_id.0 }
    }

    /// The secret that signs what a webhook gets.
    #[must_use]
    pub fn webhook_secret(id: WebhookId) -> Self {
        Self { column: b's', area_id: 0, row_id: id.0 }
    }

    /// The private key that signs what a webhook gets.
    #[must_use]
    pub fn webhook_key(id: WebhookId) -> Self {
        Self { column: b'k', area_id: 0, row_id: id.0 }
    }

    /// Who complains, where that is a person by name.
    #[must_use]
    pub fn complainant(area_id: i32, id: ComplaintId) -> Self {
        Self { column: b'p', area_id, row_id: id.0 }
    }

    /// The kept answer of a command, by the digest of its key.
    #[must_use]
    pub fn answer(digest: Uuid) -> Self {
        Self { column: b'a', area_id: 0, row_id: digest }
    }

    /// A part of the file of an import, in the order of the parts.
    #[must_use]
    pub fn import_part(area_id: i32, id: ImportId, number: u32) -> Self {
        // Ids end in chance, so a part of one import is never at the place of a part of another.
        Self { column: b'f', area_id, row_id: Uuid::from_u128(id.0.as_u128() ^ u128::from(number)) }
    }

    fn bound_to(self) -> [u8; 21] {
        let mut bytes = [self.column; 21];
        let parts = self.area_id.to_be_bytes().into_iter().chain(*self.row_id.as_bytes());
        bytes.iter_mut().skip(1).zip(parts).for_each(|(to, from)| *to = from);
        bytes
    }
}

/// Holds the keys; sealing and opening are microseconds of CPU.
///
/// The newest sealing key seals, each opens what it sealed. Keys are read again from their folder now and then, and
/// where a value names one that is not here: another process may have sealed it under a key that was made since.
pub struct Vault {
    folder: PathBuf,
    ring: RwLock<Arc<Ring>>,
    digest: hmac::Key,
}

/// The sealing keys at one time, by their numbers.
struct Ring {
    keys: Vec<(u8, RandomizedNonceKey)>,
}

impl Ring {
    fn new(secrets: &[(u8, [u8; 32])]) -> Result<Self> {
        let key = |secret: &[u8; 32]| RandomizedNonceKey::new(&AES_256_GCM_SIV, secret).map_err(Error::internal);
        let keys = secrets.iter().map(|(id, secret)| Ok((*id, key(secret)?)));
        Ok(Self { keys: keys.collect::<Result<_>>()? })
    }

    fn current(&self) -> Option<&(u8, RandomizedNonceKey)> {
        self.keys.iter().max_by_key(|(id, _)| *id)
    }

    fn find(&self, id: u8) -> Option<&RandomizedNonceKey> {
        self.keys.iter().find(|(known, _)| *known == id).map(|(_, key)| key)
    }
}

impl Vault {
    pub(super) fn new(folder: PathBuf, secrets: &[(u8, [u8; 32])], digest: &[u8; 32]) -> Result<Self> {
        let ring = RwLock::new(Arc::new(Ring::new(secrets)?));
        Ok(Self { folder, ring, digest: hmac::Key::new(hmac::HMAC_SHA256, digest) })
    }

    /// Reads the sealing keys anew; what is not there any more is forgotten.
    ///
    /// # Errors
    /// Where the folder cannot be read, or holds no sealing key; the keys stay as they were then.
    pub fn reload(&self) -> Result<()> {
        let secrets = files::sealing_keys(&self.folder)?;
        if secrets.is_empty() {
            return Err(Error::internal("the folder of the keys holds no sealing key"));
        }
        let ring = Arc::new(Ring::new(&secrets)?);
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = ring;
        Ok(())
    }

    /// Number of the key that seals now.
    #[must_use]
    pub fn current_key(&self) -> u8 {
        self.ring().current().map(|(id, _)| *id).unwrap_or_default()
    }

    fn ring(&self) -> Arc<Ring> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The keys, with the one of this number among them where it exists at all.
    fn ring_with(&self, id: u8) -> Result<Arc<Ring>> {
        let ring = self.ring();
        if ring.find(id).is_some() {
            return Ok(ring);
        }
        self.reload()?;
        Ok(self.ring())
    }

    /// Seals a text for its place: key id, nonce, then the sealed text and tag.
    ///
    /// # Errors
    /// Only where the random source fails.
    pub fn seal(&self, place: Place, text: &str) -> Result<Vec<u8>> {
        self.seal_bytes(place, text.as_bytes())
    }

    /// Seals bytes for their place; they become longer by [`SEAL_BYTES`].
    ///
    /// # Errors
    /// Only where the random source fails.
    pub fn seal_bytes(&self, place: Place, bytes: &[u8]) -> Result<Vec<u8>> {
        let mut sealed = bytes.to_vec();
        let bound_to = Aad::from(place.bound_to());
        let ring = self.ring();
        let (key_id, key) = ring.current().ok_or_else(|| Error::internal("there is no sealing key"))?;
        let nonce = key.seal_in_place_append_tag(bound_to, &mut sealed).map_err(Error::internal)?;
        let mut out = Vec::with_capacity(1 + NONCE_BYTES + sealed.len());
        out.push(*key_id);
        out.extend_from_slice(nonce.as_ref());
        out.append(&mut sealed);
        Ok(out)
    }

    /// Opens a NIK.
    ///
    /// # Errors
    /// Where the bytes were sealed elsewhere, under a key that is gone, or changed.
    pub fn open_nik(&self, area_id: i32, id: MemberId, sealed: &[u8]) -> Result<Nik> {
        let digits = self.open(Place::nik(area_id, id), sealed)?;
        Nik::parse(&digits).ok_or_else(|| Error::internal("a sealed NIK does not open to a NIK"))
    }

    /// Opens a family card number.
    ///
    /// # Errors
    /// Where the bytes were sealed elsewhere, under a key that is gone, or changed.
    pub fn open_card(&self, area_id: i32, id: BeneficiaryId, sealed: &[u8]) -> Result<CardNumber> {
        let digits = self.open(Place::card(area_id, id), sealed)?;
        CardNumber::parse(&digits).ok_or_else(|| Error::internal("a sealed card number does not open to one"))
    }

    /// Digest of a NIK, equal for equal NIKs: for unique claims and look-ups.
    #[must_use]
    pub fn nik_digest(&self, nik: &Nik) -> Vec<u8> {
        self.keyed_digest(b'n', nik.reveal())
    }

    /// Digest of a family card number, never equal to that of a NIK of the same digits.
    #[must_use]
    pub fn card_digest(&self, card: &CardNumber) -> Vec<u8> {
        self.keyed_digest(b'c', card.reveal())
    }

    /// Digests of a NIK without its serial, and without its area: two numbers with a slip in either share the other.
    ///
    /// Cut to 64 bits, as they only bring records together. Keyed like the digest of the whole: of a birth date and a
    /// few digits more, a bare digest would be guessed at once.
    #[must_use]
    pub fn nik_traces(&self, nik: &Nik) -> [i64; 2] {
        let (start, end) = (nik.reveal().get(..12), nik.reveal().get(6..));
        [(b's', start), (b'e', end)].map(|(column, digits)| {
            let digest = self.tag(column, digits.unwrap_or_default());
            digest.as_ref().first_chunk().copied().map_or(0, i64::from_be_bytes)
        })
    }

    fn keyed_digest(&self, column: u8, digits: &str) -> Vec<u8> {
        self.tag(column, digits).as_ref().to_vec()
    }

    fn tag(&self, column: u8, digits: &str) -> hmac::Tag {
        let mut context = hmac::Context::with_key(&self.digest);
        context.update(&[column]);
        context.update(digits.as_bytes());
        context.sign()
    }

    /// Opens a text.
    ///
    /// # Errors
    /// Where the bytes were sealed elsewhere, under a key that is gone, or changed.
    pub fn open(&self, place: Place, sealed: &[u8]) -> Result<String> {
        String::from_utf8(self.open_bytes(place, sealed)?).map_err(Error::internal)
    }

    /// Opens bytes.
    ///
    /// # Errors
    /// Where the bytes were sealed elsewhere, under a key that is gone, or changed.
    pub fn open_bytes(&self, place: Place, sealed: &[u8]) -> Result<Vec<u8>> {
        let unreadable = || Error::internal("a sealed text cannot be opened");
        let (key_id, rest) = sealed.split_first().ok_or_else(unreadable)?;
        let (nonce, text) = rest.split_at_checked(NONCE_BYTES).ok_or_else(unreadable)?;
        let ring = self.ring_with(*key_id)?;
        let key = ring.find(*key_id).ok_or_else(|| Error::internal("a text is sealed under a key that is not here"))?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(Error::internal)?;
        let mut text = text.to_vec();
        let opened = key.open_in_place(nonce, Aad::from(place.bound_to()), &mut text).map_err(Error::internal)?;
        let length = opened.len();
        text.truncate(length);
        Ok(text)
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Vault(key {})", self.current_key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_number_opens_in_its_place_only() {
        let vault = Vault::new(PathBuf::new(), &[(1, [7; 32])], &[8; 32]).unwrap();
        let (nik, id) = (Nik::parse("6402104101909001").unwrap(), MemberId::new());
        let sealed = vault.seal(Place::nik(1, id), nik.reveal()).unwrap();
        assert!(!sealed.windows(4).any(|bytes| bytes == b"6402"));
        assert_eq!(vault.open_nik(1, id, &sealed).unwrap(), nik);
        assert!(vault.open_nik(2, id, &sealed).is_err());
        assert!(vault.open_nik(1, MemberId::new(), &sealed).is_err());
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert!(vault.open_nik(1, id, &changed).is_err());
    }

    #[test]
    fn sealing_twice_differs_and_digests_agree() {
        let vault = Vault::new(PathBuf::new(), &[(1, [7; 32])], &[8; 32]).unwrap();
        let (nik, place) = (Nik::parse("6402104101909001").unwrap(), Place::nik(1, MemberId::new()));
        assert_ne!(vault.seal(place, nik.reveal()).unwrap(), vault.seal(place, nik.reveal()).unwrap());
        assert_eq!(vault.nik_digest(&nik), vault.nik_digest(&nik));
        let card = CardNumber::parse(nik.reveal()).unwrap();
        assert_ne!(vault.nik_digest(&nik), vault.card_digest(&card));
    }

    #[test]
    fn a_slip_in_one_part_keeps_the_trace_of_the_other() {
        let vault = Vault::new(PathBuf::new(), &[(1, [7; 32])], &[8; 32]).unwrap();
        let traces = |digits: &str| vault.nik_traces(&Nik::parse(digits).unwrap());
        let [start, end] = traces("6402104101909001");
        assert_eq!(traces("6402104101909007")[0], start);
        assert_eq!(traces("6402114101909001")[1], end);
        assert_ne!(traces("6402104101909007")[1], end);
        assert_ne!(start, end);
        let other = Vault::new(PathBuf::new(), &[(1, [7; 32])], &[9; 32]).unwrap();
        assert_ne!(other.nik_traces(&Nik::parse("6402104101909001").unwrap()), [start, end]);
    }

    #[test]
    fn the_newest_key_seals_and_older_ones_go_on_opening() {
        let place = Place::nik(1, MemberId::new());
        let old = Vault::new(PathBuf::new(), &[(1, [7; 32])], &[8; 32]).unwrap();
        let new = Vault::new(PathBuf::new(), &[(2, [9; 32]), (1, [7; 32])], &[8; 32]).unwrap();
        let (by_old, by_new) = (old.seal(place, "text").unwrap(), new.seal(place, "text").unwrap());
        assert_eq!((by_old.first(), by_new.first()), (Some(&1), Some(&2)));
        assert_eq!(new.open(place, &by_old).unwrap(), "text");
        assert!(old.open(place, &by_new).is_err());
    }
}
