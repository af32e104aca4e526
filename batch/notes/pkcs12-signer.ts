// A signer whose key lies in a PKCS#12 file. The file is parsed once; every signature after that is OpenSSL's, a millisecond. The passphrase stands
// in a file of its own and is shown nowhere.
import { createPrivateKey, createSign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import forge from 'node-forge';
import type { NoteSigner } from './note-signer.ts';

/** Where the key is. */
export interface Pkcs12File {
  readonly file: string;
  readonly passphraseFile: string;
}

const { asn1, pki, pkcs12 } = forge;

/** Opens the file. Throws with its name when it cannot be read, the passphrase does not fit, or key and certificate do not belong together. */
export function openPkcs12({ file, passphraseFile }: Pkcs12File): NoteSigner {
  const store = parsed(file, readFileSync(passphraseFile, 'utf8').trimEnd());
  const bags = (type: string): forge.pkcs12.Bag[] => store.getBags({ bagType: type })[type] ?? [];
  const key = [...bags(pki.oids['pkcs8ShroudedKeyBag'] ?? ''), ...bags(pki.oids['keyBag'] ?? '')][0]?.key as forge.pki.rsa.PrivateKey | undefined;
  const certificates = bags(pki.oids['certBag'] ?? '').flatMap(({ cert }) => (cert === undefined ? [] : [cert]));
  if (key === undefined || key === null) throw new Error(`${file}: holds no RSA key`);
  const own = certificates.find(({ publicKey }) => (publicKey as forge.pki.rsa.PublicKey).n.equals(key.n));
  if (own === undefined) throw new Error(`${file}: holds no certificate of its key`);
  const privateKey = createPrivateKey(pki.privateKeyToPem(key));
  const bytes = (node: forge.asn1.Asn1): Buffer => Buffer.from(asn1.toDer(node).getBytes(), 'latin1');
  const serial = asn1.create(asn1.Class.UNIVERSAL, asn1.Type.INTEGER, false, forge.util.hexToBytes(own.serialNumber));
  const names = asn1.create(asn1.Class.UNIVERSAL, asn1.Type.SEQUENCE, true, [pki.distinguishedNameToAsn1(own.issuer), serial]);
  return {
    chain: [own, ...certificates.filter((one) => one !== own)].map((certificate) => bytes(pki.certificateToAsn1(certificate))),
    issuerAndSerial: bytes(names),
    name: String(own.subject.getField('CN')?.value ?? ''),
    validTo: own.validity.notAfter.toISOString().slice(0, 10),
    sign: async (attributes) => createSign('sha256').update(attributes).sign(privateKey),
  };
}

function parsed(file: string, passphrase: string): forge.pkcs12.Pkcs12Pfx {
  const bytes = readFileSync(file).toString('latin1');
  try {
    return pkcs12.pkcs12FromAsn1(asn1.fromDer(bytes), true, passphrase);
  } catch (error) {
    throw new Error(`${file}: is no PKCS#12 file, or its passphrase is another (${error instanceof Error ? error.message : 'unreadable'})`);
  }
}
