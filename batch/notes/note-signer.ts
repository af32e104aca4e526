// Who signs: a certificate with its chain, and something that holds the key. A PKCS#12 file is one; a token or HSM behind PKCS#11 is another: it
// implements `sign` and nothing else, because all that leaves the process is the DER of the signed attributes (about a hundred bytes), never a
// document.

/** See the file's head. */
export interface NoteSigner {
  /** DER certificates, the signer's first. */
  readonly chain: readonly Uint8Array[];
  /** DER of the signer certificate's issuer and serial number: what a signature names it by. */
  readonly issuerAndSerial: Uint8Array;
  /** Common name, for the visible block. */
  readonly name: string;
  /** Day after which the certificate is no longer valid, YYYY-MM-DD. */
  readonly validTo: string;
  /** RSA PKCS#1 v1.5 signature over SHA-256 of the bytes. */
  sign(attributes: Uint8Array): Promise<Uint8Array>;
}
