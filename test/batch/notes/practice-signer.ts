// A certificate authority for tests: a root, a signer's certificate below it, and the PKCS#12 file a signer is opened from. Made anew each time;
// trusted nowhere.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import forge from 'node-forge';

const { asn1, md, pkcs12, pki } = forge;
const PASSPHRASE = 'practice only';

interface Subject {
  readonly name: string;
  readonly keys: forge.pki.rsa.KeyPair;
}

function certificate(subject: Subject, issuer: Subject, serial: string): forge.pki.Certificate {
  const made = pki.createCertificate();
  made.publicKey = subject.keys.publicKey;
  made.serialNumber = serial;
  made.validity.notBefore = new Date('2026-01-01T00:00:00Z');
  made.validity.notAfter = new Date('2028-01-01T00:00:00Z');
  made.setSubject([
    { name: 'commonName', value: subject.name },
    { name: 'organizationName', value: 'Practice Broking' },
  ]);
  made.setIssuer([
    { name: 'commonName', value: issuer.name },
    { name: 'organizationName', value: 'Practice Broking' },
  ]);
  made.setExtensions([{ name: 'basicConstraints', cA: subject === issuer }]);
  made.sign(issuer.keys.privateKey, md.sha256.create());
  return made;
}

/** Writes signer.p12 and its passphrase into `folder`; their paths. */
export function practiceSigner(folder: string): { readonly file: string; readonly passphraseFile: string } {
  const root: Subject = { name: 'Practice Root', keys: pki.rsa.generateKeyPair(2048) };
  const own: Subject = { name: 'Asha Signatory', keys: pki.rsa.generateKeyPair(2048) };
  const chain = [certificate(own, root, '0a01'), certificate(root, root, '01')];
  const [file, passphraseFile] = [join(folder, 'signer.p12'), join(folder, 'signer.passphrase')];
  const bytes = asn1.toDer(pkcs12.toPkcs12Asn1(own.keys.privateKey, chain, PASSPHRASE, { algorithm: '3des' })).getBytes();
  writeFileSync(file, Buffer.from(bytes, 'latin1'));
  writeFileSync(passphraseFile, `${PASSPHRASE}\n`);
  return { file, passphraseFile };
}
